-- How many rows of the file are in error, and which months does it cover? No parameters. Run by imports.loans.
SELECT count(*) FILTER (reason IS NOT NULL), list(DISTINCT month ORDER BY month) FILTER (reason IS NULL)
FROM staged
