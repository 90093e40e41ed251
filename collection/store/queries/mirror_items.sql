-- One page of the held items that the rules would not take today, those lent most first; all of them when rows is NULL.
-- Parameters: rule, taking, branch and shelf_class (lists; NULL: any), rows and skip.
-- Reads mirrored (bib_no, rule, taking), registered by mirror.py. Read by mirror.py.
WITH page AS MATERIALIZED (
    SELECT judged.item_no, judged.bib_no, mirrored.rule, mirrored.taking, judged.loans_1y, judged.verdict, judged.shelf_order
    FROM judged
    JOIN mirrored ON mirrored.bib_no = judged.bib_no
    WHERE ($rule IS NULL OR mirrored.rule = $rule)
        AND ($taking IS NULL OR mirrored.taking = $taking)
        AND ($branch IS NULL OR list_contains($branch, judged.branch))
        AND ($shelf_class IS NULL OR list_contains($shelf_class, judged.shelf_class))
    ORDER BY judged.loans_1y DESC NULLS LAST, judged.shelf_order
    LIMIT $rows OFFSET $skip
)
SELECT
    item.item_id, page.bib_no, bib.title, bib.volume, bib.author, item.call_number, item.branch, page.verdict,
    page.rule::VARCHAR AS rule, page.taking::VARCHAR AS taking, page.loans_1y
FROM page
JOIN facts_of_day.item AS item ON item.item_no = page.item_no
JOIN facts_of_day.bib AS bib ON bib.bib_no = page.bib_no
ORDER BY page.loans_1y DESC NULLS LAST, page.shelf_order
