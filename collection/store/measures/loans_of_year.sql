-- How often was lent in the fiscal year, by items since gone too?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(loans) AS value FROM years WHERE fiscal_year = coalesce($year, fiscal_year) GROUP BY {by}
