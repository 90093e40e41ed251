-- Which 目 (three digits) lose their last title by a list, in the whole library (branch NULL) and at a branch?
-- Missing, withdrawn and unrecoverable items are no titles on a shelf; what another list took out is gone already.
-- Parameter: items (numbers of the items that leave). Reads decided. Read by balance.py.
WITH held AS (
    SELECT
        regexp_extract(bib.ndc, '^[0-9]{3}') AS moku, judged.branch, judged.bib_no,
        item.item_id IN (SELECT unnest($items)) AS leaves
    FROM judged
    JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
    JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no
    LEFT JOIN decided ON decided.item_no = judged.item_no
    WHERE regexp_matches(bib.ndc, '^[0-9]{3}')
        AND coalesce(item.status, '') NOT IN ('missing', 'withdrawn')
        AND NOT coalesce(item.unrecoverable, false)
        AND (decided.road IS NULL OR decided.road = 'readmitted' OR item.item_id IN (SELECT unnest($items)))
)
SELECT branch, moku, count(DISTINCT bib_no) AS titles, count(*) AS items
FROM held
GROUP BY GROUPING SETS ((branch, moku), (moku))
HAVING bool_and(leaves)
ORDER BY branch NULLS FIRST, moku
