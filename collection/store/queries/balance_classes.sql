-- How many items has each class before and after a list, and how many of them are local material?
-- What another list took out already is counted neither before nor after.
-- Parameter: items (numbers of the items that leave). Reads decided. Read by balance.py.
SELECT
    judged.shelf_class,
    count(*) AS before,
    count(*) FILTER (item.item_id IN (SELECT unnest($items))) AS leaving,
    count(*) FILTER (bib.local IS NOT NULL) AS local_before,
    count(*) FILTER (bib.local IS NOT NULL AND item.item_id IN (SELECT unnest($items))) AS local_leaving
FROM judged
JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no
LEFT JOIN decided ON decided.item_no = judged.item_no
WHERE decided.road IS NULL OR decided.road = 'readmitted' OR item.item_id IN (SELECT unnest($items))
GROUP BY judged.shelf_class
ORDER BY judged.shelf_class
