-- The loans of the last snapshot when no item changed its number. No parameters. Read by the import_loans queries.
CREATE TEMP VIEW prior AS
SELECT item_no, month, loans, in_house
FROM old.loan
