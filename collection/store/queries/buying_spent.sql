-- What was spent in a fiscal year, and on how many copies nobody knows how much? By branch and shelf class.
-- Parameters: year; first and last, its days. Reads year_cell and facts_of_day. Read by buying/budget.py.
WITH part AS (
    SELECT branch, shelf_class, spent AS yen, 0 AS unpriced FROM year_cell WHERE fiscal_year = $year AND purchased > 0
    UNION ALL
    SELECT
        item.branch, CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END, 0, 1
    FROM facts_of_day.item AS item LEFT JOIN facts_of_day.bib AS bib USING (bib_no)
    WHERE item.source = 'purchase' AND item.price IS NULL AND item.accession_date BETWEEN $first AND $last
)
SELECT branch, shelf_class, sum(yen)::BIGINT AS yen, sum(unpriced)::BIGINT AS unpriced
FROM part
GROUP BY branch, shelf_class
