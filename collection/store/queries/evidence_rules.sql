-- Which rules speak of these items? Parameters: numbers (row numbers of items), first and last of them. Read by evidence.py.
SELECT DISTINCT rule
FROM judged
WHERE item_no BETWEEN $first AND $last AND item_no IN (SELECT unnest($numbers)) AND rule IS NOT NULL
