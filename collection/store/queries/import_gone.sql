-- How many items does a full export no longer have, of how many held? No parameters. Run by imports.merging.
SELECT count(*) FILTER (key NOT IN (SELECT key FROM seen_items)), count(*)
FROM now_items
WHERE gone_on IS NULL
