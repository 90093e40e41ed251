-- Which copies are beyond one a branch and beyond what use asks for (資料収集に関する基準 第3の1(5))?
-- The copies of a unit at one branch are ranked by last use; those past max(1, loans in the last year ÷
-- loans one copy can serve) are surplus. Parameter: $loans_per_copy. Read by facts_items.sql.
CREATE OR REPLACE TEMP TABLE surplus_item AS
SELECT item_no
FROM (
    SELECT
        item_brief.item_no,
        greatest(1, ceil(unit_branch.unit_loans_1y / $loans_per_copy)) AS asked_for,
        row_number() OVER (
            PARTITION BY item_brief.unit_no, item_brief.branch
            ORDER BY item_brief.last_use DESC NULLS LAST, item_brief.loans_3y DESC, item_brief.item_no
        ) AS place
    FROM item_brief
    JOIN unit_branch USING (unit_no, branch)
    WHERE item_brief.usable AND unit_branch.copies_branch > 1
)
WHERE place > asked_for
