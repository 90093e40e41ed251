-- The vote that each member last gave on each item of a list. Parameter: list_no. Read by committee.py.
SELECT event.item_id, event.person, event.name, event.state AS choice, coalesce(event.reason, '') AS comment, event.on_day
FROM event
JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'vote' AND list_no = $list_no GROUP BY subject) AS last USING (seq)
ORDER BY event.item_id, event.person
