-- Where do these items stand, in the order of the shelf? Those that cannot be on the shelf come too, told by their status.
-- Parameters: items, a list of item numbers. Needs the table decided. Read by the pull list of 書架モード.
SELECT
    item.item_id, item.branch, item.location, item.call_number, item.status,
    bib.title, bib.volume, bib.author, bib.pub_year,
    decided.tag, decided.list_no, decided.shelf, decided.shelf_seq, decided.shelf_on, decided.shelf_name
FROM facts_of_day.item AS item
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
LEFT JOIN decided ON decided.item_no = item.item_no
WHERE item.item_id IN (SELECT unnest($items)) AND item.gone_on IS NULL
ORDER BY item.shelf_order
