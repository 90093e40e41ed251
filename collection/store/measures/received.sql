-- How many items were received in the fiscal year, those since gone included?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(received) AS value FROM years WHERE fiscal_year = coalesce($year, fiscal_year) GROUP BY {by}
