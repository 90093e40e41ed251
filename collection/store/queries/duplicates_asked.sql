-- Which titles have more holds than their copies can serve? One row a title, most copies wanted first; a title is the records
-- of one edition, since holds are made on records and tell no volume. Titles without a copy that can be lent are there too.
-- Filled in by duplicates.py: leaving, duplicates_leaving. Parameter: $holds_per_copy.
-- at_branches: where a copy stands or a hold waits; locations: where the copies stand; copies_at and holds_at: by branch.
WITH leaving AS (
{leaving}
),
record AS (
    SELECT bib_no, unit_no AS title_no FROM facts_of_day.bib
),
waiting AS MATERIALIZED (
    SELECT title_no, branch, bib_no, holds FROM facts_of_day.hold JOIN record USING (bib_no)
),
standing AS MATERIALIZED (
    SELECT
        title_no, branch, location, loans_1y, item_no,
        usable AND circulates AND item_no NOT IN (SELECT item_no FROM leaving) AS lends
    FROM judged JOIN record USING (bib_no)
    WHERE holds > 0
),
awaited AS (
    SELECT title_no, min(bib_no) AS bib_no, sum(holds)::BIGINT AS holds FROM waiting GROUP BY title_no
),
held AS (
    SELECT title_no, count(*) FILTER (lends) AS copies FROM standing GROUP BY title_no
),
asking AS MATERIALIZED (
    SELECT
        title_no, bib_no, holds, coalesce(copies, 0) AS copies,
        ceil(holds / $holds_per_copy)::BIGINT - coalesce(copies, 0) AS wanted
    FROM awaited LEFT JOIN held USING (title_no)
    WHERE wanted > 0
),
hold_at AS (
    SELECT title_no, branch, sum(holds)::BIGINT AS holds FROM waiting SEMI JOIN asking USING (title_no) GROUP BY title_no, branch
),
copy_at AS (
    SELECT
        title_no, branch, count(*) FILTER (lends) AS copies, sum(loans_1y)::BIGINT AS loans_1y, list(location) AS locations,
        min(item_no) FILTER (lends) AS lent_item_no, min(item_no) AS any_item_no
    FROM standing SEMI JOIN asking USING (title_no)
    GROUP BY title_no, branch
),
hold_told AS (
    SELECT
        title_no, list(branch) AS branches,
        string_agg(branch || ' ' || holds, ';' ORDER BY holds DESC, branch) AS holds_at
    FROM hold_at
    GROUP BY title_no
),
copy_told AS (
    SELECT
        title_no, list(branch) AS branches, flatten(list(locations)) AS locations, sum(loans_1y)::BIGINT AS loans_1y,
        coalesce(min(lent_item_no), min(any_item_no)) AS item_no,
        string_agg(branch || ' ' || copies, ';' ORDER BY copies DESC, branch) FILTER (copies > 0) AS copies_at
    FROM copy_at
    GROUP BY title_no
)
SELECT
    item.item_id, bib.bib_id, bib.title, bib.volume, bib.author, item.call_number,
    CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END AS shelf_class,
    bib.audience, bib.material, left(bib.ndc, 3) AS ndc,
    list_sort(list_distinct(coalesce(copy_told.branches, []) || hold_told.branches)) AS at_branches,
    list_sort(list_distinct(locations)) AS locations,
    asking.holds, holds_at, asking.copies, copies_at, loans_1y, asking.wanted
FROM asking
JOIN hold_told USING (title_no)
JOIN facts_of_day.bib AS bib USING (bib_no)
LEFT JOIN copy_told ON copy_told.title_no = asking.title_no
LEFT JOIN facts_of_day.item AS item ON item.item_no = copy_told.item_no
ORDER BY asking.wanted DESC, asking.holds DESC, bib.bib_id
