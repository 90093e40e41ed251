-- How many items of each target were received on each day?
-- Filled in by plans/counting.py: counted, plans_counted.sql with its parameters. Read by plans/counting.py.
WITH counted AS (
{counted}
)
SELECT key, accession_date AS day, count(*) AS items FROM counted GROUP BY ALL ORDER BY ALL
