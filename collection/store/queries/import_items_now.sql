-- The items before this import, without what is worked out from them. No parameters. Run by imports.merging.
CREATE TABLE now_items AS
SELECT item_id AS key, * EXCLUDE (item_no, bib_no, work_no, unit_no, shelf_order)
FROM old.item
