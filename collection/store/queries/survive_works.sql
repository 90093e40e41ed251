-- Which items belong to a work of which some item may go? One row an item, with whether it can stay as
-- somebody's survivor. No parameters. Reads standing. Read by the other survive_*.sql.
CREATE OR REPLACE TEMP TABLE work_item AS
SELECT
    item_no, unit_no, work_no, edition_rank, branch, eligible,
    usable AND NOT leaving AS can_stay,
    -- the copy to stay before others: on the shelf, last used, most used
    row_number() OVER (
        PARTITION BY unit_no ORDER BY on_shelf DESC, last_use DESC NULLS LAST, loans_3y DESC NULLS LAST, item_no
    ) AS preference
FROM standing
WHERE work_no IN (SELECT work_no FROM standing WHERE eligible)
