-- Which units have surplus copies in a scope, how many copies does use ask for at that branch, and how were they lent? One row
-- a unit and branch, most surplus first; `copies`, `asks` and loans count the whole branch, `rows` all rows there are.
-- Filled in by duplicates.py: scope, measures_scope with its parameters; $rows (NULL: all) and $skip.
WITH over AS MATERIALIZED (
    SELECT unit_no, branch, count(*) AS surplus, min(item_no) AS item_no
    FROM (
{scope}
    )
    WHERE surplus
    GROUP BY unit_no, branch
),
at_branch AS (
    SELECT
        unit_no, branch, count(*) FILTER (usable) AS copies, count(*) FILTER (usable AND NOT surplus) AS asks,
        sum(loans_1y)::BIGINT AS loans_1y, max(holds) AS holds
    FROM judged SEMI JOIN over USING (unit_no, branch)
    GROUP BY unit_no, branch
),
page AS MATERIALIZED (
    SELECT *, count(*) OVER () AS rows
    FROM over JOIN at_branch USING (unit_no, branch)
    ORDER BY surplus DESC, loans_1y NULLS LAST, branch, item_no
    LIMIT $rows OFFSET $skip
)
SELECT
    item.item_id, item.bib_id, bib.title, bib.volume, bib.author, item.call_number, page.branch, copies, loans_1y, asks, surplus,
    holds, rows
FROM page
JOIN facts_of_day.item AS item ON item.item_no = page.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
ORDER BY surplus DESC, loans_1y NULLS LAST, page.branch, page.item_no
