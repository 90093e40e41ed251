-- Which other items of the same work are held, where do they stand, and what is said of them?
-- Parameters: item_no, unit_no, work_no, survivor_item_no. Read by: the 資料カード.
-- At most 60: copies of this edition first, then by year and branch.
SELECT
    item.item_id, item.branch, item.location, item.call_number, item.status, item.condition,
    bib.edition, bib.pub_year, judged.verdict, judged.idle_years, judged.loans_3y,
    CASE WHEN item.unit_no = $unit_no THEN 'copy' ELSE 'edition' END AS kind,
    coalesce(item.item_no = $survivor_item_no, false) AS stays
FROM facts_of_day.item AS item
JOIN judged ON judged.item_no = item.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
WHERE item.work_no = $work_no AND item.item_no <> $item_no
ORDER BY kind, bib.pub_year DESC NULLS LAST, item.branch, item.item_id
LIMIT 60
