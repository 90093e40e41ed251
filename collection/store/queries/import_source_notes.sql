-- What did reading the file report? $file: its name. Run by imports.finishing.
SELECT outcome, reason, field, rows, example_line, example
FROM staged_note
WHERE file = $file
ORDER BY ALL
