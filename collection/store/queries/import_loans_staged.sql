-- The rows of one file of loans as they are merged. table: the staged table. Read by the import_ queries.
CREATE OR REPLACE TEMP VIEW staged AS
SELECT rowid AS row, item_id || chr(31) || month AS key, *
FROM {table}
