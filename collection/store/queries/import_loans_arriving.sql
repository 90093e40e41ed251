-- The good loans of one file in the order of the store, without repeated rows. No parameters. Reads staged, duplicate. Run by imports.loans.
CREATE OR REPLACE TABLE arriving AS
SELECT item.item_no, s.month, s.loans, s.in_house
FROM staged AS s
JOIN new.item USING (item_id)
ANTI JOIN duplicate USING (row)
WHERE s.reason IS NULL
ORDER BY item.item_no, s.month
