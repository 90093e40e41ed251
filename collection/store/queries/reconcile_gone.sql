-- Which items does a snapshot no longer hold? No parameters. Runs on a snapshot. Read by reconcile.py.
SELECT item_id FROM item WHERE gone_on IS NOT NULL OR status = 'withdrawn'
