-- What was named as staying for each item that is on the road under a criterion that needs it? Runs on the ledger.
-- Parameter: needing, a JSON list of criteria. Read by approve.py.
SELECT
    road.subject AS item_id,
    json_extract(begun.details, '$.survivor') AS survivor,
    json_extract(begun.details, '$.survivor_kind') AS kind
FROM (SELECT max(seq) AS seq FROM event WHERE aspect = 'road' GROUP BY subject) AS latest
JOIN event AS road ON road.seq = latest.seq
JOIN event AS begun ON begun.seq = (
    SELECT max(seq) FROM event WHERE aspect = 'road' AND subject = road.subject AND kind = 'approve'
)
WHERE road.state <> 'readmitted' AND begun.clause IN (SELECT value FROM json_each($needing))
