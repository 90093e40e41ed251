-- How many items left the holdings in the fiscal year?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(gone) AS value FROM years WHERE fiscal_year = coalesce($year, fiscal_year) GROUP BY {by}
