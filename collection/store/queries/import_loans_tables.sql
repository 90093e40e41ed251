-- The loans that came in with this import, and the months they replace. No parameters. Filled by imports.loans.
CREATE TABLE loan_new (item_no INTEGER, month SMALLINT, loans USMALLINT, in_house USMALLINT)
