-- Which item does a scanned number name, held or gone? The reading that comes first in `readings` wins.
-- Parameters: readings, a list of ways to read what was scanned. Read by shelf.py.
SELECT
    item.item_id, item.branch, item.location, item.call_number, item.status, item.gone_on,
    bib.title, bib.volume, bib.author, judged.holds
FROM facts_of_day.item AS item
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
LEFT JOIN judged ON judged.item_no = item.item_no
WHERE item.item_id IN (SELECT unnest($readings))
ORDER BY list_position($readings, item.item_id)
LIMIT 1
