-- The rows of one file of loans as they are merged. table: the staged table; row: what tells its rows apart. Read by the import_ queries.
CREATE OR REPLACE TEMP VIEW staged AS
SELECT {row} AS row, item_id || chr(31) || month AS key, *
FROM {table}
