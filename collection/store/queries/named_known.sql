-- Which of these numbers are items, and has each left the holdings? Parameter: asked. Read by named.py.
SELECT item_id, gone_on IS NOT NULL OR status IS NOT DISTINCT FROM 'withdrawn'
FROM facts_of_day.item
WHERE item_id IN (SELECT unnest($asked))
