-- Which criteria do these items meet today? Parameter: items, a list of item numbers. Read by meeting.py.
SELECT DISTINCT judged.criterion
FROM judged JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
WHERE judged.verdict = 'candidate' AND item.item_id IN (SELECT unnest($items))
ORDER BY judged.criterion
