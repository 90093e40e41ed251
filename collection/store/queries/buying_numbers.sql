-- The last number given in a year to lines and to orders; 0 when there was none. Parameter: year, text.
-- Read by buying/keeping.py, from the ledger.
SELECT
    coalesce(max(CAST(substr(subject, 7) AS INTEGER)) FILTER (WHERE substr(subject, 2, 4) = $year), 0) AS line,
    coalesce(max(CAST(substr(json_extract(details, '$.order'), 7) AS INTEGER))
        FILTER (WHERE kind = 'order' AND substr(json_extract(details, '$.order'), 2, 4) = $year), 0) AS "order"
FROM event
WHERE aspect = 'purchase'
