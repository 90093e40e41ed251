-- Which approved items does the library system still hold? No parameters. Reads approved, registered by reconcile.py.
SELECT item.item_id
FROM approved JOIN facts_of_day.item AS item USING (item_id)
WHERE item.gone_on IS NULL AND coalesce(item.status, '') <> 'withdrawn'
ORDER BY item.branch, item.shelf_order
