-- 新鮮度: what was received in the fiscal year, for each item held now?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(received) / nullif(sum(held), 0) AS value
FROM (
    SELECT {by}, 1 AS held, 0 AS received FROM stock
    UNION ALL
    SELECT {by}, 0, received FROM years WHERE fiscal_year = $year
)
GROUP BY {by}
