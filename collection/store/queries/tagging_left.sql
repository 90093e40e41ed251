-- How many of the chosen items cannot carry the tag, and why? No parameters. Reads chosen. Read by tagging.preview.
SELECT left_out, count(*) AS items FROM chosen WHERE left_out IS NOT NULL GROUP BY left_out ORDER BY items DESC, left_out
