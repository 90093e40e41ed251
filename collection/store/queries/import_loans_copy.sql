-- Write loans that are already in order into the new snapshot. source: loan_new or prior. Run by imports.loans.
INSERT INTO new.loan
SELECT * FROM {source}
