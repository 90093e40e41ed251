-- Every member's present opinion on every line of an offer. Parameter: ticket. Read by gifts/standing.py. SQLite.
SELECT json_extract(event.details, '$.line') AS item_id, event.person, event.name, event.state AS choice,
    coalesce(event.reason, '') AS comment, event.on_day
FROM event
JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'ballot' AND list_no = $ticket GROUP BY subject) AS latest USING (seq)
WHERE event.state IS NOT NULL
ORDER BY event.seq
