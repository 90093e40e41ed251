-- One row for every road of a withdrawn item, from its approval to its end, steps that were taken back left out:
-- an item that was readmitted and withdrawn again has two. `now` is the state it is in; no ended_on: still on its way.
-- Filled in by books.py: which, all of them or those of one item (parameter item_id). Part of other queries. SQLite.
WITH standing AS (
    SELECT
        seq, subject, kind, state,
        count(*) FILTER (WHERE kind = 'approve') OVER (PARTITION BY subject ORDER BY seq) AS nth
    FROM event
    WHERE {which} AND kind <> 'undo_road'
        AND seq NOT IN (SELECT json_extract(details, '$.undoes') FROM event WHERE {which} AND kind = 'undo_road')
),
road AS (
    SELECT
        subject AS item_id, nth,
        min(seq) AS begun,
        max(seq) FILTER (WHERE state IN ('transferred', 'given', 'discarded', 'struck')) AS ended,
        max(seq) FILTER (WHERE state = 'readmitted') AS back,
        max(seq) AS newest
    FROM standing
    GROUP BY subject, nth
)
SELECT
    road.item_id, road.nth, begin.seq, begin.on_day AS decided_on, begin.person AS decided_by_id, begin.name AS decided_by,
    begin.role AS decided_role,
    begin.list_no, begin.clause, begin.reason AS decided_because, begin.state AS road, road.newest,
    coalesce(
        begin.evidence,
        (SELECT evidence FROM event WHERE item_id = road.item_id AND evidence IS NOT NULL AND seq < road.begun ORDER BY seq DESC LIMIT 1)
    ) AS evidence,
    now.state AS now, finish.state AS "end", finish.on_day AS ended_on, finish.name AS ended_by,
    coalesce(json_extract(finish.details, '$.partner_name'), json_extract(finish.details, '$.partner')) AS to_whom,
    json_extract(finish.details, '$.lot') AS lot, back.on_day AS back_on
FROM road
JOIN event AS begin ON begin.seq = road.begun
JOIN event AS now ON now.seq = road.newest
LEFT JOIN event AS finish ON finish.seq = road.ended
LEFT JOIN event AS back ON back.seq = road.back
