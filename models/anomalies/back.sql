-- Which items were missing in the earlier snapshot (schema before) and are held now, and which of them are available again?
-- Reads facts_of_day and before. Read by models/anomalies/train.py.
SELECT item.item_no, item.branch, coalesce(item.status = 'available', false) AS again
FROM facts_of_day.item AS item
JOIN before.item AS earlier USING (item_id)
WHERE earlier.status = 'missing' AND earlier.gone_on IS NULL AND item.gone_on IS NULL
ORDER BY item.item_no
