-- The months that this import replaces. No parameters. Filled by imports.loans.
CREATE TABLE covered (month SMALLINT)
