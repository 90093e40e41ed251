-- Which good rows of the file repeat the key of an earlier one, and do they say the same? No parameters. Reads staged. Run by imports.
CREATE OR REPLACE TEMP TABLE duplicate AS
WITH repeated AS (
    SELECT key, min(row) AS first_row
    FROM staged
    WHERE reason IS NULL
    GROUP BY key
    HAVING count(*) > 1
),
told AS (
    SELECT row, line, key, first_row, hash(*COLUMNS(* EXCLUDE (row, line, key, reason, first_row))) AS facts
    FROM staged
    JOIN repeated USING (key)
    WHERE reason IS NULL
)
SELECT told.row, told.line, told.key, first_told.line AS other_line, told.facts = first_told.facts AS same
FROM told
JOIN told AS first_told ON first_told.row = told.first_row
WHERE told.row <> told.first_row
