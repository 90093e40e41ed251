-- A row in error changes nothing: what was known in its place stays. No parameters. Run by imports.loans.
INSERT INTO arriving
SELECT known.*
FROM known
SEMI JOIN (
    SELECT item.item_no, s.month
    FROM staged AS s
    JOIN new.item USING (item_id)
    WHERE s.reason IS NOT NULL
) AS failed USING (item_no, month)
ANTI JOIN arriving USING (item_no, month)
