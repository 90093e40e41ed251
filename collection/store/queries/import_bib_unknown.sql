-- Which items of the files have a record that was never imported? One row a file. No parameters. Run by imports.
SELECT file, count(*) AS rows, min(line) AS example_line, arg_min(key, line) AS example
FROM verdict
JOIN new.item ON item.item_id = verdict.key
WHERE verdict.kind = 'items' AND verdict.outcome IN ('loaded', 'changed', 'unchanged') AND item.bib_no IS NULL
GROUP BY file
ORDER BY file
