-- Has the last snapshot any loans? No parameters. Run by imports.loans.
SELECT EXISTS (SELECT 1 FROM prior)
