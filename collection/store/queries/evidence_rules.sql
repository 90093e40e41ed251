-- Which rules speak of these items? Parameter: items, a list of item numbers. Read by evidence.py.
SELECT DISTINCT judged.rule
FROM facts_of_day.item AS item JOIN judged ON judged.item_no = item.item_no
WHERE item.item_id IN (SELECT unnest($items)) AND judged.rule IS NOT NULL
