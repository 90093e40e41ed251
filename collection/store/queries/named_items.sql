-- The items of one named collection, in shelf order. Parameter: name. Reads facts_of_day, judged and decided. Read by named.py.
SELECT
    item.item_id, bib.title, bib.volume, bib.author, bib.pub_year, item.call_number, item.branch, item.location, item.status,
    item.condition, judged.loans_1y, judged.idle_years, decided.named_ticket AS ticket, decided.named_on AS since,
    decided.named_by AS by, decided.named_seq AS seq
FROM decided
JOIN facts_of_day.item AS item ON item.item_no = decided.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
LEFT JOIN judged ON judged.item_no = decided.item_no
WHERE decided.named = $name
ORDER BY item.branch, item.shelf_order
