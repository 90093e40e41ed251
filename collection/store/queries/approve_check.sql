-- Which items of a batch can be approved for withdrawal, by which route, and what stays in their place?
-- The survivor guarantee against everything that leaves: a stayer is usable, no rule flags it, and
-- nobody has approved, tagged, listed or asked for it now. An item that needs one is refused when neither its named
-- survivor nor another copy or newer edition stays; any item is refused when what was approved before rests on it alone, and
-- while it is locked in a named collection.
-- Parameters: needing, the criteria that need a survivor; lent, those of what is lent out for good.
-- Reads near (approve_near.sql), batch (item_id, named_collection, clause), away (item_id, why: approved tagged listed batch),
-- promised (item_id, survivor, kind). Read by approve.py, while nobody else writes to the ledger.
WITH asked AS (
    SELECT
        batch.item_id, batch.named_collection, near.item_no, near.work_no, near.unit_no, near.edition_rank, near.branch, near.title, near.status,
        coalesce(near.held, false) AS held, near.usable, near.holds, near.survivor_item_no, near.survivor_kind,
        coalesce(batch.clause, near.clause) AS clause, near.route
    FROM batch LEFT JOIN near USING (item_id)
),
promise AS (
    SELECT near.item_id, near.work_no, near.unit_no, near.edition_rank, promised.survivor, promised.kind
    FROM promised JOIN near USING (item_id)
    WHERE near.held
        AND (near.work_no IN (SELECT work_no FROM asked) OR promised.survivor IN (SELECT item_id FROM asked))
),
shelf AS (
    SELECT near.*, away.why FROM near LEFT JOIN away USING (item_id)
),
stayer AS (
    SELECT * FROM shelf WHERE usable AND NOT flagged AND why IS NULL
),
at_branch AS (
    SELECT unit_no, branch, arg_min(item_no, preference) AS item_no FROM stayer GROUP BY unit_no, branch
),
in_unit AS (
    SELECT unit_no, arg_min(item_no, preference) AS item_no FROM stayer GROUP BY unit_no
),
newest AS (
    SELECT work_no, max(edition_rank) AS edition_rank, arg_min(item_no, (-edition_rank, preference)) AS item_no
    FROM stayer
    WHERE edition_rank IS NOT NULL
    GROUP BY work_no
),
of_work AS (
    SELECT DISTINCT work_no FROM stayer
),
found AS (
    SELECT
        asked.item_no,
        CASE WHEN asked.survivor_kind <> 'similar' OR of_work.work_no IS NOT NULL THEN named.item_no END AS named,
        coalesce(at_branch.item_no, in_unit.item_no) AS copy,
        newest.item_no AS edition
    FROM asked
    LEFT JOIN stayer AS named ON named.item_no = asked.survivor_item_no
    LEFT JOIN of_work ON of_work.work_no = asked.work_no
    LEFT JOIN at_branch ON at_branch.unit_no = asked.unit_no AND at_branch.branch = asked.branch
    LEFT JOIN in_unit ON in_unit.unit_no = asked.unit_no
    LEFT JOIN newest ON newest.work_no = asked.work_no AND asked.edition_rank < newest.edition_rank
),
rest AS (  -- what is on the shelves when the batch is gone
    SELECT * FROM shelf WHERE usable AND coalesce(why, '') NOT IN ('approved', 'batch')
),
broken AS (
    SELECT promise.*
    FROM promise
    WHERE NOT EXISTS (SELECT 1 FROM rest WHERE rest.unit_no = promise.unit_no)
        AND NOT EXISTS (SELECT 1 FROM rest WHERE rest.work_no = promise.work_no AND rest.edition_rank > promise.edition_rank)
        AND NOT (
            coalesce(promise.kind = 'similar', false)
            AND EXISTS (SELECT 1 FROM rest WHERE rest.item_id = promise.survivor)
            AND EXISTS (SELECT 1 FROM rest WHERE rest.work_no = promise.work_no)
        )
),
relied_on AS (
    SELECT asked.item_no, min(broken.item_id) AS promised_to
    FROM asked
    JOIN broken
        ON asked.unit_no = broken.unit_no
        OR (asked.work_no = broken.work_no AND (asked.edition_rank > broken.edition_rank OR broken.kind = 'similar'))
        OR asked.item_id = broken.survivor
    WHERE asked.usable
    GROUP BY asked.item_no
)
SELECT
    asked.item_id,
    asked.title,
    asked.clause,
    asked.route,
    CASE
        WHEN NOT asked.held THEN 'gone'
        WHEN asked.named_collection IS NOT NULL THEN 'named'
        WHEN asked.route IS NULL THEN 'no_criterion'
        WHEN asked.status = 'on_loan' AND NOT list_contains($lent::VARCHAR[], asked.clause) THEN 'on_loan'
        WHEN asked.status = 'on_hold_shelf' THEN 'on_hold_shelf'
        WHEN asked.status = 'missing' AND asked.route <> 'record_only' THEN 'missing'
        WHEN asked.usable AND asked.holds > 0 AND list_contains($needing::VARCHAR[], asked.clause) THEN 'reserved'
        WHEN list_contains($needing::VARCHAR[], asked.clause) AND coalesce(found.named, found.copy, found.edition) IS NULL
            THEN CASE WHEN named.item_id IS NULL THEN 'no_survivor' ELSE 'survivor_lost' END
        WHEN relied_on.promised_to IS NOT NULL THEN 'relied_on'
    END AS refused,
    CASE WHEN list_contains($needing::VARCHAR[], asked.clause) THEN stays.item_id END AS survivor,
    CASE WHEN list_contains($needing::VARCHAR[], asked.clause) THEN stays.branch END AS survivor_branch,
    CASE
        WHEN NOT list_contains($needing::VARCHAR[], asked.clause) THEN NULL
        WHEN found.named IS NOT NULL THEN asked.survivor_kind
        WHEN found.copy IS NOT NULL THEN 'copy'
        WHEN found.edition IS NOT NULL THEN 'edition'
    END AS survivor_kind,
    named.item_id AS named,
    named.branch AS named_branch,
    CASE
        WHEN named.why IS NOT NULL THEN named.why
        WHEN NOT named.usable THEN 'unusable'
        WHEN named.flagged THEN 'flagged'
        ELSE 'last'
    END AS fate,
    relied_on.promised_to,
    asked.named_collection
FROM asked
LEFT JOIN found ON found.item_no = asked.item_no
LEFT JOIN shelf AS named ON named.item_no = asked.survivor_item_no
LEFT JOIN shelf AS stays ON stays.item_no = coalesce(found.named, found.copy, found.edition)
LEFT JOIN relied_on ON relied_on.item_no = asked.item_no
ORDER BY asked.item_no, asked.item_id
