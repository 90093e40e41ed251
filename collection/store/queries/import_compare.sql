-- Is each good row new, different from what is known, or the same? kind: bibs, items …; differs: comparison of the file's fields.
-- Reads staged, duplicate and now_kind. Run by imports.merging.
CREATE OR REPLACE TEMP TABLE compared AS
SELECT
    s.row, s.line, s.key,
    (CASE WHEN n.key IS NULL THEN 'loaded' WHEN {differs} THEN 'changed' ELSE 'unchanged' END)::outcome AS outcome
FROM staged AS s
LEFT JOIN now_{kind} AS n USING (key)
ANTI JOIN duplicate USING (row)
WHERE s.reason IS NULL
