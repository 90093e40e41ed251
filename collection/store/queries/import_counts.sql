-- How many rows of a file ended in each outcome? $file. Run by imports.finishing.
SELECT outcome, count(*)
FROM (SELECT line, max(outcome) AS outcome FROM verdict WHERE file = $file GROUP BY line)
GROUP BY outcome
