-- Which items that could go must stay, because nothing else of their edition or a newer one would?
-- Of each work: in the newest edition without a keeper (a unit whose place in time is unknown stands for
-- itself), the best copy that can stay. `last` = without it the work would have no usable copy.
-- No parameters. Reads work_item. Read by survive_named.sql.
CREATE OR REPLACE TEMP TABLE held AS
WITH unit AS (
    SELECT
        work_no,
        unit_no,
        any_value(edition_rank) AS edition_rank,
        count(*) FILTER (WHERE can_stay AND NOT eligible) AS keepers,
        arg_min(item_no, preference) FILTER (WHERE can_stay AND eligible) AS best
    FROM work_item
    GROUP BY work_no, unit_no
),
kept AS (
    SELECT work_no, max(edition_rank) FILTER (WHERE keepers > 0) AS newest_kept, sum(keepers) AS keepers
    FROM unit
    GROUP BY work_no
),
bare AS (
    SELECT unit.*, kept.keepers AS work_keepers
    FROM unit JOIN kept USING (work_no)
    WHERE unit.keepers = 0 AND unit.best IS NOT NULL AND coalesce(unit.edition_rank < kept.newest_kept, false) = false
)
SELECT work_no, unit_no, edition_rank, best AS item_no, work_keepers = 0 AS last
FROM bare
QUALIFY edition_rank IS NULL OR edition_rank = max(edition_rank) OVER (PARTITION BY work_no)
