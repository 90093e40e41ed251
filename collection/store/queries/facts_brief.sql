-- Of each held item: what it is a copy of, whether it can be used at all, and how it was last used. One row a
-- held item, in item_no order. Parameters: $as_of; $counted, whether there are loan figures at all.
-- Reads item_use. Read by facts_copies.sql, facts_surplus.sql, facts_items.sql.
CREATE OR REPLACE TEMP TABLE item_brief AS
SELECT
    item.item_no,
    item.unit_no,
    item.work_no,
    item.branch,
    bib.edition_rank,
    coalesce(item.status, '') NOT IN ('missing', 'withdrawn')
        AND coalesce(item.condition, '') NOT IN ('soiled', 'damaged')
        AND NOT coalesce(item.unrecoverable, false)
        AND coalesce(item.source, '') <> 'deposit' AS usable,
    CASE WHEN item.last_loan_date IS NOT NULL OR item_use.last_month IS NOT NULL THEN least($as_of, greatest(
        item.last_loan_date,
        last_day(make_date(item_use.last_month // 12, item_use.last_month % 12 + 1, 1))
    )) END AS last_use,
    CASE WHEN $counted THEN coalesce(item_use.loans_1y, 0) END AS loans_1y,
    CASE WHEN $counted THEN coalesce(item_use.loans_3y, 0) END AS loans_3y,
    item_use.in_house_1y
FROM item
LEFT JOIN item_use USING (item_no)
LEFT JOIN bib USING (bib_no)
WHERE item.gone_on IS NULL AND item.status IS DISTINCT FROM 'withdrawn'
