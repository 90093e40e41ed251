-- The held items among those asked for, with all that was judged of them. Parameter: items, a list of item numbers.
-- Read by tagging.py, which puts it before tagging_weighed as `scope`.
SELECT judged.*
FROM judged
JOIN facts_of_day.item AS asked ON asked.item_no = judged.item_no
WHERE asked.item_id IN (SELECT unnest($items))
