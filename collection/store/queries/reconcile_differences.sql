-- Where do the library system and the ledger disagree on what is withdrawn?
-- gone_unapproved: withdrawn there, never approved here (what was gone before the first decision does not count);
-- held_approved: approved here before the snapshot was made, still held there.
-- Parameters: today; made, when the snapshot was made, in local time. Reads approved and gone_before, tables registered by reconcile.py.
SELECT
    item.branch, if(approved.item_id IS NULL, 'gone_unapproved', 'held_approved') AS difference,
    item.item_id, bib.title, bib.volume, item.call_number, item.status, approved.road, approved.list_no,
    CASE WHEN approved.item_id IS NULL THEN item.gone_on ELSE approved.on_day::DATE END AS on_day,
    date_diff('day', CASE WHEN approved.item_id IS NULL THEN item.gone_on ELSE approved.on_day::DATE END, $today::DATE) AS days
FROM facts_of_day.item AS item
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
LEFT JOIN approved ON approved.item_id = item.item_id
LEFT JOIN gone_before ON gone_before.item_id = item.item_id
WHERE (
        (item.gone_on IS NOT NULL OR coalesce(item.status, '') = 'withdrawn')
        AND approved.item_id IS NULL AND gone_before.item_id IS NULL
    )
    OR (item.gone_on IS NULL AND coalesce(item.status, '') <> 'withdrawn' AND approved.at < $made)
ORDER BY item.branch, difference, item.shelf_order
