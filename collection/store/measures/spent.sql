-- How much was paid for what was purchased in the fiscal year, in yen?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(spent) AS value FROM years WHERE fiscal_year = coalesce($year, fiscal_year) GROUP BY {by}
