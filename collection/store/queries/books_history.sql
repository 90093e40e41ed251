-- Every event that bears on an item, oldest first: its own, and those of the lists it was on while it was on them.
-- Parameter: item_id. Read by books.history. SQLite.
SELECT event.*, evidence.told
FROM event LEFT JOIN evidence ON evidence.hash = event.evidence
WHERE event.item_id = $item_id
    OR (event.aspect = 'list' AND event.subject IN (SELECT list_no FROM event WHERE item_id = $item_id AND list_no IS NOT NULL))
ORDER BY event.seq
