-- What is known of the months of the file: what came in before it, else what the last snapshot has. $months: those months.
-- Read by import_loans_compare and import_loans_keep. Run by imports.loans.
CREATE OR REPLACE TEMP TABLE known AS
SELECT * FROM loan_new WHERE month IN (SELECT unnest($months))
UNION ALL
SELECT prior.*
FROM prior
ANTI JOIN loan_new USING (item_no, month)
WHERE prior.month IN (SELECT unnest($months))
