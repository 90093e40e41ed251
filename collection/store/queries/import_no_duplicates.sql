-- Nothing known yet of rows that repeat a key. No parameters. Run by imports.loans.
CREATE OR REPLACE TEMP TABLE duplicate (row BIGINT, line BIGINT, key VARCHAR, other_line BIGINT, same BOOLEAN)
