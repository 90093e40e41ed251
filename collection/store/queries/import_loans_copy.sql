-- Write loans that are already in order into the new snapshot. No parameters. Run by imports.loans.
INSERT INTO new.loan
SELECT * FROM loan_new
