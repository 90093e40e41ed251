-- What is each of some items, and does another item name it as the one that stays? Parameter: $items (item_no).
-- Read by duplicates.py.
SELECT
    judged.item_no, item.item_id, item.bib_id, bib.title, bib.volume, bib.author, item.call_number, judged.location,
    judged.shelf_class, judged.audience, judged.material, judged.ndc, judged.idle_years,
    judged.item_no IN (SELECT survivor_item_no FROM judged WHERE survivor_item_no IS NOT NULL) AS survivor
FROM judged
JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
WHERE judged.item_no IN (SELECT unnest($items))
