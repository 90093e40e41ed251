-- Which items have a newer edition held, and which is the newest usable one? The most lent first; all when rows is NULL.
-- Filled in by freshness.py: scope, measures_scope. Parameters: those of the scope, rows and skip. Read by: 鮮度, 旧版.
WITH old AS MATERIALIZED (
    SELECT
        stock.item_no, stock.bib_no, stock.branch, stock.location, stock.shelf_class, stock.ndc, stock.pub_year,
        coalesce(stock.loans_1y, 0) AS loans_1y, stock.shelf_order, item.item_id, item.call_number, item.work_no
    FROM (
{scope}
    ) AS stock
    JOIN facts_of_day.item ON item.item_no = stock.item_no
    WHERE stock.superseded
    ORDER BY loans_1y DESC, stock.shelf_order
    LIMIT $rows OFFSET $skip
),
edition AS (
    SELECT
        item.work_no, bib.edition_rank, min(bib.bib_no) AS bib_no, min(item.item_id) AS item_id, count(*) AS copies,
        string_agg(DISTINCT item.branch, '、' ORDER BY item.branch) AS branches
    FROM facts_of_day.item
    JOIN judged ON judged.item_no = item.item_no
    JOIN facts_of_day.bib ON bib.bib_no = item.bib_no
    WHERE judged.usable AND bib.edition_rank IS NOT NULL AND item.work_no IN (SELECT work_no FROM old)
    GROUP BY item.work_no, bib.edition_rank
),
newest AS (
    SELECT * FROM edition QUALIFY row_number() OVER (PARTITION BY work_no ORDER BY edition_rank DESC) = 1
)
SELECT
    old.item_id, old.branch, old.location, old.shelf_class, old.ndc, old.call_number, bib.title, bib.volume, bib.edition,
    old.pub_year, old.loans_1y, newer.edition AS newer_edition, newer.pub_year AS newer_year,
    newest.item_id AS newer_item_id, newest.copies AS newer_copies, newest.branches AS newer_branches
FROM old
LEFT JOIN facts_of_day.bib ON bib.bib_no = old.bib_no
LEFT JOIN newest ON newest.work_no = old.work_no
LEFT JOIN facts_of_day.bib AS newer ON newer.bib_no = newest.bib_no
ORDER BY old.loans_1y DESC, old.shelf_order
