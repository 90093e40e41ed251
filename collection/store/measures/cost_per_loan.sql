-- What did a loan of the fiscal year cost in books bought in that year, in yen? Years without loan figures are not told.
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(spent) / nullif(sum(loans), 0) AS value
FROM years
WHERE fiscal_year = coalesce($year, fiscal_year) AND fiscal_year IN (SELECT fiscal_year FROM year_cell WHERE loans > 0)
GROUP BY {by}
