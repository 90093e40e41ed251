-- What is on its way to the committee: items tagged 除籍 and items of lists that are not decided yet, each with what was known
-- of it then. What is on the road already is left out: there the next file is expected to lack it.
-- No parameters. Runs on the ledger. Read by reconcile.py.
SELECT
    standing.subject AS item_id, standing.aspect, standing.seq, standing.state, standing.name, standing.list_no,
    coalesce(standing.clause, json_extract(evidence.told, '$.criterion')) AS criterion,
    coalesce(json_extract(evidence.told, '$.holds'), 0) AS holds,
    json_extract(evidence.told, '$.status') AS status,
    step.on_day,
    evidence.told
FROM present AS standing
LEFT JOIN event AS step ON step.seq = coalesce(nullif(json_extract(standing.details, '$.restores'), 0), standing.seq)
LEFT JOIN evidence ON evidence.hash = step.evidence
LEFT JOIN present AS list ON list.aspect = 'list' AND list.subject = standing.list_no
LEFT JOIN present AS road ON road.aspect = 'road' AND road.subject = standing.subject AND road.state <> 'readmitted'
WHERE road.seq IS NULL
    AND (
        (standing.aspect = 'tag' AND standing.state = 'withdraw')
        OR (standing.aspect = 'entry' AND standing.state IN ('entered', 'withdraw') AND list.state <> 'decided')
    )
ORDER BY standing.seq
