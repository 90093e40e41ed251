-- How many rows of a file of one kind ended in each outcome? $file. Run by imports.finishing.
SELECT outcome, count(*)
FROM verdict
WHERE file = $file
GROUP BY outcome
