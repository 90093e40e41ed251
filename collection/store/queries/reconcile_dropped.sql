-- What dropped out at an import, newest first: tags taken off and entries taken off lists by the product itself.
-- Parameter: since, a day as text, or NULL. Runs on the ledger. Read by reconcile.py.
SELECT
    event.item_id, json_extract(evidence.told, '$.title') AS title, json_extract(evidence.told, '$.branch') AS branch,
    event.on_day, json_extract(event.details, '$.why') AS why, json_extract(event.details, '$.as_of') AS as_of,
    json_extract(event.details, '$.by') AS by_name, event.kind, event.list_no
FROM event LEFT JOIN evidence ON evidence.hash = event.evidence
WHERE event.kind IN ('drop', 'leave') AND event.role = 'system' AND ($since IS NULL OR event.on_day >= $since)
ORDER BY event.seq DESC
