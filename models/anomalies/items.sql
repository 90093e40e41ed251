-- The items of one finding, in shelf order, at most $rows. {model}: the artefact's schema.
-- Parameters: finding, rows. Reads facts_of_day and judged. Read by models/anomalies/findings.py.
SELECT
    item.item_id, item.call_number, bib.title, bib.volume, bib.author, item.branch, found.month, found.loans, found.idle,
    judged.verdict
FROM {model}.finding_item AS found
JOIN facts_of_day.item AS item USING (item_no)
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
LEFT JOIN judged USING (item_no)
WHERE found.finding = $finding
ORDER BY item.shelf_order
LIMIT $rows
