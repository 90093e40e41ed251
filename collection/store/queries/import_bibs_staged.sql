-- The rows of one file of bibs as they are merged. table: the staged table; row: what tells its rows apart. Read by the import_ queries.
CREATE OR REPLACE TEMP VIEW staged AS
SELECT {row} AS row, bib_id AS key, *
FROM {table}
