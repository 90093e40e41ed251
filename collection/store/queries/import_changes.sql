-- How many rows of the file changed something? No parameters. Reads compared. Run by imports.merging.
SELECT count(*)
FROM compared
WHERE outcome IN ('loaded', 'changed')
