-- Which snapshot and which flags each list of the committee was drawn from, as its drafting says. No parameters. SQLite. Read by backup and doctor.
SELECT DISTINCT subject AS list_no, json_extract(details, '$.snapshot') AS snapshot, json_extract(details, '$.flags') AS flags
FROM event
WHERE aspect = 'list' AND kind = 'draft'
ORDER BY seq
