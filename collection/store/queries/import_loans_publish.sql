-- Write all loans into the new snapshot: those that came in, and those of the other months. No parameters. Run by imports.loans.
INSERT INTO new.loan
SELECT * FROM loan_new
UNION ALL
SELECT * FROM prior WHERE month NOT IN (SELECT month FROM covered)
ORDER BY item_no, month
