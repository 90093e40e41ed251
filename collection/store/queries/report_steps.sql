-- Every step of every road that was not taken back, with branch and audience of the item as known at its approval.
-- Filled in by report.py: roads, the query books_roads. SQLite.
WITH road AS ({roads})
SELECT
    event.seq, event.subject AS item_id, event.on_day, event.state, road.nth,
    json_extract(evidence.told, '$.branch') AS branch, json_extract(evidence.told, '$.audience') AS audience
FROM road
JOIN event ON event.aspect = 'road' AND event.subject = road.item_id
    AND event.kind <> 'undo_road' AND event.seq BETWEEN road.seq AND road.newest
LEFT JOIN evidence ON evidence.hash = road.evidence
WHERE event.seq NOT IN (SELECT json_extract(details, '$.undoes') FROM event WHERE aspect = 'road' AND kind = 'undo_road')
