-- What would a tag on the items of `chosen` come to? One row: items; needing_reason, against the recommendation;
-- yen and no_price; last_copies, usable ones whose work would have no other usable item that stays; survivors, named as
-- what stays in another's place; on_loan; holds. No parameters. Reads chosen, decided. Read by tagging.preview.
WITH goes AS (
    SELECT * FROM chosen WHERE left_out IS NULL
),
leaving AS (
    SELECT item_no FROM decided
    WHERE tag = 'withdraw'
        OR (road IS NOT NULL AND road <> 'readmitted')
        OR (entry IN ('entered', 'withdraw') AND list_state <> 'decided')
),
works AS (
    SELECT DISTINCT work_no FROM goes WHERE usable
),
stocked AS (
    SELECT DISTINCT item.work_no
    FROM facts_of_day.item AS item
    JOIN judged ON judged.item_no = item.item_no
    WHERE judged.usable
        AND item.work_no IN (SELECT work_no FROM works)
        AND item.item_no NOT IN (SELECT item_no FROM goes)
        AND item.item_no NOT IN (SELECT item_no FROM leaving)
)
SELECT
    count(*) AS items,
    count(*) FILTER (WHERE against) AS needing_reason,
    coalesce(sum(price), 0)::BIGINT AS yen,
    count(*) FILTER (WHERE price IS NULL) AS no_price,
    count(*) FILTER (WHERE usable AND work_no NOT IN (SELECT work_no FROM stocked)) AS last_copies,
    count(*) FILTER (
        WHERE item_no IN (SELECT survivor_item_no FROM judged WHERE survivor_item_no IS NOT NULL)
    ) AS survivors,
    count(*) FILTER (WHERE status = 'on_loan') AS on_loan,
    count(*) FILTER (WHERE holds > 0) AS holds
FROM goes
