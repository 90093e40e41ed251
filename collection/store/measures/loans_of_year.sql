-- How often was lent in the fiscal year, by items since gone too? Years without loan figures are not told.
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(loans) AS value
FROM years
WHERE fiscal_year = coalesce($year, fiscal_year) AND fiscal_year IN (SELECT fiscal_year FROM year_cell WHERE loans > 0)
GROUP BY {by}
