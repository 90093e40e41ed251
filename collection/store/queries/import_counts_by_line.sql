-- How many rows of a file that gives two kinds ended in each outcome? The strongest of a row's parts counts. $file. Run by imports.finishing.
SELECT outcome, count(*)
FROM (SELECT line, max(outcome) AS outcome FROM verdict WHERE file = $file GROUP BY line)
GROUP BY outcome
