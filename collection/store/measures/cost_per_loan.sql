-- What did a loan of the fiscal year cost in books bought in that year, in yen?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(spent) / nullif(sum(loans), 0) AS value
FROM years
WHERE fiscal_year = coalesce($year, fiscal_year)
GROUP BY {by}
