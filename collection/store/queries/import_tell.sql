-- Keep how each row of the file ended. $file: number of the file; $kind. Reads staged, duplicate, compared. Run by imports.merging.
INSERT INTO verdict
SELECT $file, line, $kind, key, outcome, NULL, NULL FROM compared
UNION ALL
SELECT
    $file, line, $kind, key, if(same, 'skipped', 'error')::outcome, if(same, 'duplicate_same', 'duplicate_differs'), other_line
FROM duplicate
UNION ALL
SELECT $file, line, $kind, key, if(reason = 'bib_unknown', 'skipped', 'error')::outcome, reason, NULL
FROM staged
WHERE reason IS NOT NULL
