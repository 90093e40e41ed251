-- 更新率: what was received or left in the fiscal year, for each item held now?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(moved) / nullif(sum(held), 0) AS value
FROM (
    SELECT {by}, 1 AS held, 0 AS moved FROM stock
    UNION ALL
    SELECT {by}, 0, received + gone FROM years WHERE fiscal_year = $year
)
GROUP BY {by}
