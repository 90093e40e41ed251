-- Why were rows of a file not taken? One row a reason, with its first example. $file. Run by imports.finishing.
SELECT outcome, reason, count(*) AS rows, min(line) AS example_line, arg_min(key, line) AS example, arg_min(other_line, line) AS other_line
FROM verdict
WHERE file = $file AND reason IS NOT NULL
GROUP BY outcome, reason
ORDER BY outcome DESC, rows DESC, reason
