-- Write the items into the new snapshot, what is known of them and what was worked out. No parameters. Run by imports.building.
INSERT INTO new.item BY NAME
SELECT now_items.* EXCLUDE (key), item.item_no, item.bib_no, item.work_no, item.unit_no, item.shelf_order
FROM now_items
JOIN memory.item AS item USING (item_id)
ORDER BY item.item_no
