-- Which day do the facts describe, and since when is it seen what leaves the holdings (the first import)?
-- No parameters. Read by space.py. One row.
SELECT as_of, (SELECT min(as_of) FROM facts_of_day.import_file) AS since FROM facts_of_day.meta
