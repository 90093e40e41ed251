-- The present decisions with the row number of each item that the snapshot knows. Reads decided_by_id. Read by decisions.py.
SELECT item.item_no, decided_by_id.*
FROM decided_by_id JOIN facts_of_day.item AS item USING (item_id)
ORDER BY item.item_no
