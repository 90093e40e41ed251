-- Of which items that nobody found does the library system now record the loss?
-- No parameters. Reads missed, a table registered by reconcile.py.
SELECT missed.item_id, missed.shelf_seq
FROM missed
JOIN facts_of_day.item AS item USING (item_id)
WHERE item.gone_on IS NOT NULL OR item.status = 'withdrawn'
    OR (item.status = 'missing' AND item.missing_confirmed_on IS NOT NULL)
ORDER BY missed.item_id
