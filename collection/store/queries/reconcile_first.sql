-- When was the first decision on an item written? NULL when there is none. Runs on the ledger. Read by reconcile.py.
SELECT at FROM event WHERE item_id IS NOT NULL ORDER BY seq LIMIT 1
