-- Which item stays in the place of each item that may go? A copy of the same unit first, at the same branch
-- first; else the newest of the newer editions. Stayers are items that no rule lets go, and the held ones.
-- No parameters. Reads work_item, held. Read by survive_similar.sql and verdict.sql.
CREATE OR REPLACE TEMP TABLE named AS
WITH stayer AS (
    SELECT work_item.*
    FROM work_item LEFT JOIN held USING (item_no)
    WHERE work_item.can_stay AND (NOT work_item.eligible OR held.item_no IS NOT NULL)
),
at_branch AS (
    SELECT unit_no, branch, arg_min(item_no, preference) AS item_no, count(*) AS copies
    FROM stayer
    GROUP BY unit_no, branch
),
in_unit AS (
    SELECT unit_no, arg_min(item_no, preference) AS item_no, arg_min(branch, preference) AS branch
    FROM stayer
    GROUP BY unit_no
),
in_work AS (
    SELECT work_no, max(edition_rank) AS edition_rank, arg_max(unit_no, edition_rank) AS unit_no
    FROM stayer
    WHERE edition_rank IS NOT NULL
    GROUP BY work_no
),
going AS (
    SELECT work_item.*
    FROM work_item LEFT JOIN held USING (item_no)
    WHERE work_item.eligible AND held.item_no IS NULL
)
SELECT
    going.item_no,
    coalesce(here.item_no, copy.item_no, newer.item_no) AS survivor_item_no,
    CASE WHEN copy.item_no IS NOT NULL THEN 'copy' ELSE 'edition' END AS survivor_kind,
    coalesce(here.copies, beside.copies)::INTEGER AS survivor_copies
FROM going
LEFT JOIN at_branch AS here ON here.unit_no = going.unit_no AND here.branch = going.branch
LEFT JOIN in_unit AS copy ON copy.unit_no = going.unit_no
LEFT JOIN in_work ON in_work.work_no = going.work_no AND going.edition_rank < in_work.edition_rank
LEFT JOIN in_unit AS newer ON newer.unit_no = in_work.unit_no
LEFT JOIN at_branch AS beside
    ON beside.unit_no = CASE WHEN copy.item_no IS NOT NULL THEN copy.unit_no ELSE newer.unit_no END
    AND beside.branch = CASE WHEN copy.item_no IS NOT NULL THEN copy.branch ELSE newer.branch END
WHERE coalesce(copy.item_no, newer.item_no) IS NOT NULL
