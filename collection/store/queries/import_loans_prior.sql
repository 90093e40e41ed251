-- The loans of the last snapshot under today's item numbers. No parameters. Read by the import_loans queries.
CREATE TEMP VIEW prior AS
SELECT renumber.item_no, loan.month, loan.loans, loan.in_house
FROM old.loan
JOIN renumber ON renumber.old_no = loan.item_no
