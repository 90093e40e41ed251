-- In which year was the newer quarter published (upper quartile)?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, quantile_cont(pub_year, 0.75) AS value FROM stock GROUP BY {by}
