-- The row numbers of items; NULL for one that the snapshot does not hold. Reads decided_new (item_id). Read by decisions.py.
SELECT decided_new.item_id, item.item_no
FROM decided_new LEFT JOIN facts_of_day.item AS item USING (item_id)
