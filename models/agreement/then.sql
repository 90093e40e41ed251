-- What was known of each item when the committee decided on it, from the ledger's own copy (never today's facts)?
-- Reads decision (decisions.sql). Read by features.sql.
SELECT
    item_id, list_no, closing, decided_on, outcome = 'kept' AS kept,
    unnest(json_transform(told, '{
        "as_of": "DATE", "accession_date": "DATE", "pub_year": "SMALLINT", "idle_years": "SMALLINT", "loans_3y": "INTEGER",
        "copies": "INTEGER", "holds": "INTEGER", "score": "DOUBLE", "ndc": "VARCHAR", "audience": "VARCHAR",
        "material": "VARCHAR", "branch": "VARCHAR", "location": "VARCHAR", "local": "VARCHAR", "verdict": "VARCHAR",
        "criterion": "VARCHAR", "survivor_kind": "VARCHAR"
    }'))
FROM decision
WHERE outcome IN ('kept', 'withdrawn') AND told IS NOT NULL
