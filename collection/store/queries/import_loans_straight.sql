-- The good loans of the only file of loans, where none were known, straight into the new snapshot. No parameters. Reads staged. Run by imports.loans.
INSERT INTO new.loan
SELECT item.item_no, s.month, s.loans, s.in_house
FROM staged AS s
JOIN new.item USING (item_id)
WHERE s.reason IS NULL
ORDER BY item.item_no, s.month
