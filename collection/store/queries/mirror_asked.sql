-- Which titles are asked for while copies of them are on the weeding list or on the way out? One row a title, which is the
-- records of one edition. holds; requests, and last_on, the day of the last one; usable (copies that can be used), staying
-- (of these, neither candidates nor on the way out), candidates and leaving (all copies, usable or not). A title that nobody
-- requested is there only when no usable copy stays. Filled in by mirror.py: leaving, duplicates_leaving.
-- Reads requested (bib_id, requests, last_on), registered by mirror.py, and decided. Read by mirror.py.
WITH leaving AS (
{leaving}
),
asked AS (
    SELECT bib.unit_no AS title_no, sum(hold.holds) AS holds, 0 AS requests, NULL::DATE AS last_on, min(bib.bib_no) AS bib_no
    FROM facts_of_day.hold JOIN facts_of_day.bib ON bib.bib_no = hold.bib_no
    GROUP BY bib.unit_no
    UNION ALL
    SELECT bib.unit_no, 0, sum(requested.requests), max(requested.last_on), min(bib.bib_no)
    FROM requested JOIN facts_of_day.bib ON bib.bib_id = requested.bib_id
    GROUP BY bib.unit_no
),
title AS MATERIALIZED (
    SELECT
        title_no, sum(holds)::INTEGER AS holds, sum(requests)::INTEGER AS requests, max(last_on) AS last_on,
        min(bib_no) AS bib_no
    FROM asked
    GROUP BY title_no
),
copy AS (
    SELECT
        bib.unit_no AS title_no, judged.item_no, judged.branch, judged.usable,
        coalesce(judged.verdict = 'candidate', false) AS candidate,
        judged.item_no IN (SELECT item_no FROM leaving) AS leaves
    FROM judged
    JOIN facts_of_day.bib ON bib.bib_no = judged.bib_no
    SEMI JOIN title ON title.title_no = bib.unit_no
),
counted AS (
    SELECT
        title_no,
        count(*) FILTER (usable)::INTEGER AS usable,
        count(*) FILTER (usable AND NOT candidate AND NOT leaves)::INTEGER AS staying,
        count(*) FILTER (candidate AND NOT leaves)::INTEGER AS candidates,
        count(*) FILTER (leaves)::INTEGER AS leaving,
        min(item_no) FILTER (candidate OR leaves) AS item_no,
        list_sort(list_distinct(list(branch))) AS branches
    FROM copy
    GROUP BY title_no
    HAVING bool_or(candidate OR leaves)
)
SELECT
    item.item_id, bib.bib_id, bib.title, bib.volume, bib.author, item.call_number,
    CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END AS shelf_class,
    title.holds, title.requests, title.last_on, counted.usable, counted.staying, counted.candidates, counted.leaving,
    counted.branches
FROM counted
JOIN title ON title.title_no = counted.title_no
JOIN facts_of_day.bib AS bib ON bib.bib_no = title.bib_no
JOIN facts_of_day.item AS item ON item.item_no = counted.item_no
WHERE counted.staying = 0 OR title.requests > 0
ORDER BY counted.staying = 0 DESC, title.holds + title.requests DESC, bib.bib_id
