-- A later file of the same import outweighs an earlier one, loan by loan. No parameters. Run by imports.loans.
DELETE FROM loan_new
USING arriving
WHERE loan_new.item_no = arriving.item_no AND loan_new.month = arriving.month
