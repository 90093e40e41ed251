-- Which row of the facts is each tagged item? Reads tag and facts_of_day. Read by models/anomalies/train.py.
SELECT item.item_no, item.item_id
FROM facts_of_day.item AS item
WHERE item.item_id IN (SELECT item_id FROM tag)
ORDER BY item.item_no
