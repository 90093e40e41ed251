-- Which part of the items has not been used for $idle years or more, of those whose last use can be told?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, count(*) FILTER (idle_years >= $idle) / nullif(count(idle_years), 0) AS value FROM stock GROUP BY {by}
