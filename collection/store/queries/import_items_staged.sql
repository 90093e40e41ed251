-- The rows of one file of items as they are merged: a lifetime count or a date of a loan outweighs a "never",
-- and who stands in the file is not gone. table: the staged table; row: what tells its rows apart. Read by the import_ queries.
CREATE OR REPLACE TEMP VIEW staged AS
SELECT
    {row} AS row,
    item_id AS key,
    * REPLACE (
        coalesce(loans_total, 0) = 0 AND last_loan_date IS NULL AND (coalesce(never_lent, false) OR loans_total IS NOT NULL)
        AS never_lent
    ),
    NULL::DATE AS gone_on
FROM {table}
