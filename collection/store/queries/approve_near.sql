-- The facts of the day that the approval of a batch depends on: its items, everything of their works, what the flags or an
-- earlier approval named as staying for one of them, and of each item of the batch its route. They do not change while people decide.
-- Filled in by approve.py: told, the view of that name; route, by criterion.
-- Reads batch (item_id, named_collection, clause), promised (item_id, survivor). Read by approve_check.sql as `near`.
WITH told AS (
{told}
),
asked AS MATERIALIZED (
    SELECT
        item.item_no, item.item_id, item.work_no, judged.survivor_item_no,
        coalesce(batch.clause, CASE WHEN judged.verdict = 'candidate' THEN judged.criterion END) AS clause
    FROM batch
    JOIN facts_of_day.item AS item USING (item_id)
    LEFT JOIN judged ON judged.item_no = item.item_no
),
routed AS (
    SELECT item_no, clause, {route} AS route
    FROM (SELECT told.*, asked.clause FROM told JOIN asked ON asked.item_no = told.item_no)
),
works AS MATERIALIZED (
    SELECT work_no FROM asked
    UNION
    SELECT item.work_no
    FROM promised JOIN facts_of_day.item AS item USING (item_id)
    WHERE promised.survivor IN (SELECT item_id FROM asked)
),
members AS MATERIALIZED (
    SELECT item_no, item_id FROM facts_of_day.item WHERE work_no IN (FROM works)
),
wanted AS MATERIALIZED (
    SELECT item_no FROM members
    UNION
    SELECT item_no FROM asked
    UNION
    SELECT survivor_item_no FROM asked
    UNION
    SELECT item.item_no
    FROM promised
    JOIN members USING (item_id)
    JOIN facts_of_day.item AS item ON item.item_id = promised.survivor
)
SELECT
    item.item_no, item.item_id, item.work_no, item.unit_no, bib.edition_rank, item.branch, bib.title, item.status,
    judged.item_no IS NOT NULL AS held,
    coalesce(judged.usable, false) AS usable,
    coalesce(judged.verdict = 'candidate', false) AS flagged,
    judged.holds, judged.survivor_item_no, judged.survivor_kind, routed.clause, routed.route,
    row_number() OVER (
        ORDER BY coalesce(item.status, 'available') = 'available' DESC, judged.last_use DESC NULLS LAST, item.item_no
    ) AS preference
FROM facts_of_day.item AS item
LEFT JOIN judged ON judged.item_no = item.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
LEFT JOIN routed ON routed.item_no = item.item_no
WHERE item.item_no IN (FROM wanted)
