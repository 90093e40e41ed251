-- Row numbers of the held items among these item numbers. Parameter: items. Read by evidence.py.
SELECT item_no FROM facts_of_day.item WHERE item_id IN (SELECT unnest($items)) ORDER BY item_no
