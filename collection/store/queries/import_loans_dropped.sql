-- How many loans of replaced months are no longer there? No parameters. Run by imports.loans.
SELECT count(*)
FROM prior
SEMI JOIN covered USING (month)
ANTI JOIN loan_new USING (item_no, month)
