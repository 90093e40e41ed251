-- What did reading the last file report? No parameters. Run by imports.finishing.
SELECT outcome, reason, field, rows, example_line, example
FROM staged_note
ORDER BY ALL
