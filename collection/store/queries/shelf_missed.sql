-- Which items did nobody find on the shelf, since when, and what does the library system say of them?
-- Parameters: branch (NULL: every branch); today. Needs the table decided. Read by 不明確認.
SELECT
    item.item_id, item.branch, item.location, item.call_number, bib.title, bib.volume,
    decided.shelf_on, date_diff('day', decided.shelf_on::DATE, $today::DATE) AS days, decided.shelf_name, decided.shelf_seq,
    item.status, item.missing_confirmed_on
FROM decided
JOIN facts_of_day.item AS item ON item.item_no = decided.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
WHERE decided.shelf = 'missed' AND ($branch IS NULL OR item.branch = $branch)
ORDER BY item.shelf_order
