-- What became of each item that the committee decided on, with what was known of it when it did? One row an item and list
-- whose vote is closed. outcome: kept (the committee kept it, or who approves refused it), withdrawn (approved), held (保留),
-- barred (refused because nothing would stay, it is on loan …), waiting (for approval). SQLite. Read by models/agreement/decided.py.
WITH last AS (
    SELECT subject AS item_id, list_no, max(seq) AS seq, max(CASE WHEN kind = 'resolve' THEN seq END) AS resolved
    FROM event
    WHERE aspect = 'entry' AND list_no IS NOT NULL
    GROUP BY subject, list_no
),
closed AS (
    SELECT event.subject AS list_no, max(event.seq) AS seq
    FROM event JOIN present ON present.aspect = 'list' AND present.subject = event.subject
    WHERE event.aspect = 'list' AND event.kind = 'close' AND present.state IN ('resolved', 'decided')
    GROUP BY event.subject
),
approved AS (
    SELECT DISTINCT event.subject AS item_id, event.list_no
    FROM event
    WHERE event.aspect = 'road' AND event.kind = 'approve' AND event.seq NOT IN (
        SELECT json_extract(details, '$.undoes') FROM event WHERE aspect = 'road' AND kind = 'undo_road'
    )
)
SELECT
    last.item_id, last.list_no, closing.seq AS closing, closing.on_day AS decided_on,
    CASE
        WHEN entry.kind = 'refuse' AND json_extract(entry.details, '$.why') = 'person' THEN 'kept'
        WHEN entry.kind = 'refuse' THEN 'barred'
        WHEN entry.state = 'keep' THEN 'kept'
        WHEN entry.state = 'hold' THEN 'held'
        WHEN approved.item_id IS NOT NULL THEN 'withdrawn'
        ELSE 'waiting'
    END AS outcome,
    evidence.told
FROM last
JOIN closed USING (list_no)
JOIN event AS closing ON closing.seq = closed.seq
JOIN event AS entry ON entry.seq = last.seq
JOIN event AS resolving ON resolving.seq = last.resolved
LEFT JOIN evidence ON evidence.hash = resolving.evidence
LEFT JOIN approved ON approved.item_id = last.item_id AND approved.list_no = last.list_no
WHERE entry.kind IN ('resolve', 'refuse')
ORDER BY closing.seq, last.resolved
