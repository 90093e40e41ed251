-- The rows of one file of partners as they are merged. table: the staged table. Read by the import_ queries.
CREATE OR REPLACE TEMP VIEW staged AS
SELECT rowid AS row, partner_id AS key, *
FROM {table}
