-- Keep how the rows ended that were not taken. $file: number of the file. Reads staged, duplicate. Run by imports.loans.
INSERT INTO verdict
SELECT
    $file, line, 'loans', key, if(same, 'skipped', 'error')::outcome, if(same, 'duplicate_same', 'duplicate_differs'), other_line
FROM duplicate
UNION ALL
SELECT
    $file, s.line, 'loans', coalesce(s.item_id, ''), if(s.reason IS NULL, 'skipped', 'error')::outcome,
    coalesce(s.reason, 'item_unknown'), NULL
FROM staged AS s
ANTI JOIN duplicate USING (row)
WHERE s.reason IS NOT NULL OR s.item_id NOT IN (SELECT item_id FROM new.item)
