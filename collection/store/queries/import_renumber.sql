-- Which number did each item of the last snapshot get? No parameters. Run by imports.loans.
CREATE TEMP TABLE renumber AS
SELECT o.item_no AS old_no, n.item_no
FROM old.item AS o
JOIN new.item AS n USING (item_id)
