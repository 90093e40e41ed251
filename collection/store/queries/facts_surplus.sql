-- In which order do the usable copies of a unit at one branch stay, and how often was the unit lent in the last year? One
-- row a copy beside others: the last used comes first. Those past max(1, loans ÷ loans that one copy can serve) are surplus
-- (資料収集に関する基準 第3の1(5)). No parameters. Reads item_brief, unit_branch. Read by facts_items.sql.
CREATE OR REPLACE TEMP TABLE copy_order AS
SELECT
    item_brief.item_no,
    unit_branch.unit_loans_1y AS copies_loans_1y,
    row_number() OVER (
        PARTITION BY item_brief.unit_no, item_brief.branch
        ORDER BY item_brief.last_use DESC NULLS LAST, item_brief.loans_3y DESC, item_brief.item_no
    ) AS copy_place
FROM item_brief
JOIN unit_branch USING (unit_no, branch)
WHERE item_brief.usable AND unit_branch.copies_branch > 1
