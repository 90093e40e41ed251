-- In which year was the middle item published (median)?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, quantile_cont(pub_year, 0.5) AS value FROM stock GROUP BY {by}
