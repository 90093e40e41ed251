-- The items before this import, without what is worked out from them. base: the schema of the last snapshot. Run by imports.merging.
CREATE TABLE now_items AS
SELECT item_id AS key, * EXCLUDE (item_no, bib_no, work_no, unit_no, shelf_order)
FROM {base}.item
