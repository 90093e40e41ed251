-- One page of the items bought in some fiscal years that are candidates for withdrawal already, the dearest first; all of them
-- when rows is NULL. Parameters: received (fiscal years), branch, shelf_class and criterion (lists; NULL: any), rows and skip.
-- Read by mirror.py.
SELECT
    item.item_id, bib.title, bib.volume, bib.author, item.call_number, item.branch, item.accession_date, judged.criterion,
    judged.rule, judged.idle_years, judged.loans_1y, item.price
FROM judged
JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no
WHERE list_contains($received, judged.received)
    AND item.source = 'purchase'
    AND judged.verdict = 'candidate'
    AND ($branch IS NULL OR list_contains($branch, judged.branch))
    AND ($shelf_class IS NULL OR list_contains($shelf_class, judged.shelf_class))
    AND ($criterion IS NULL OR judged.criterion = $criterion)
ORDER BY item.price DESC NULLS LAST, judged.shelf_order
LIMIT $rows OFFSET $skip
