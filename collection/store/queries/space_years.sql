-- How many items did each fiscal year bring to each branch and place, and how many left? By the place where they stand
-- now, or stood last. No parameters. Read by space.py.
SELECT
    branch, CASE WHEN location IN ('closed', 'office') THEN location ELSE 'open' END AS place, fiscal_year,
    sum(received)::BIGINT AS received, sum(gone)::BIGINT AS gone
FROM year_cell
WHERE received > 0 OR gone > 0
GROUP BY ALL
