-- The rows of one file of holds as they are merged; a hold on an unknown record is skipped. table: the staged table; row: what tells its rows apart. Read by the import_ queries.
CREATE OR REPLACE TEMP VIEW staged AS
SELECT
    {row} AS row,
    bib_id || chr(31) || coalesce(branch, '') AS key,
    * REPLACE (CASE WHEN reason IS NULL AND bib_id NOT IN (SELECT bib_id FROM new.bib) THEN 'bib_unknown' ELSE reason END AS reason)
FROM {table}
