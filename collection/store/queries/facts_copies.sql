-- How many usable copies has each unit, in the library and at each branch, what use do they meet, and which
-- is the newest edition held? One row a unit and branch, of works with several items only: an item that is
-- alone counts for itself. No parameters. Reads item_brief. Read by facts_surplus.sql, facts_items.sql.
CREATE OR REPLACE TEMP TABLE unit_branch AS
WITH several AS (
    SELECT work_no FROM item_brief GROUP BY work_no HAVING count(*) > 1
),
at_branch AS (
    SELECT
        unit_no,
        branch,
        any_value(work_no) AS work_no,
        any_value(edition_rank) AS edition_rank,
        count(*) FILTER (WHERE usable)::INTEGER AS copies_branch,
        sum(loans_1y)::INTEGER AS unit_loans_1y
    FROM item_brief
    WHERE work_no IN (SELECT work_no FROM several)
    GROUP BY unit_no, branch
),
unit AS (
    SELECT
        unit_no,
        any_value(work_no) AS work_no,
        any_value(edition_rank) AS edition_rank,
        sum(copies_branch)::INTEGER AS copies
    FROM at_branch
    GROUP BY unit_no
),
newest AS (
    SELECT work_no, max(edition_rank) AS edition_rank
    FROM unit
    WHERE copies > 0 AND edition_rank IS NOT NULL
    GROUP BY work_no
)
SELECT
    at_branch.unit_no,
    at_branch.branch,
    at_branch.copies_branch,
    at_branch.unit_loans_1y,
    unit.copies,
    coalesce(unit.edition_rank < newest.edition_rank, false) AS superseded
FROM at_branch
JOIN unit USING (unit_no)
LEFT JOIN newest ON newest.work_no = at_branch.work_no
