-- Which items are approved for withdrawal now, since when, in which list? Runs on the ledger. Read by reconcile.py.
-- Parameter: list_no, or NULL for all.
SELECT road.subject AS item_id, road.state AS road, begun.list_no, begun.on_day, begun.at
FROM present AS road
JOIN event AS begun ON begun.seq = (
    SELECT max(seq) FROM event WHERE aspect = 'road' AND subject = road.subject AND kind = 'approve'
)
WHERE road.aspect = 'road' AND road.state <> 'readmitted' AND ($list_no IS NULL OR begun.list_no = $list_no)
ORDER BY road.subject
