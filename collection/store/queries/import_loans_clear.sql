-- Take the loans out of the new snapshot again, to write them anew. No parameters. Run by imports.loans.
DELETE FROM new.loan
