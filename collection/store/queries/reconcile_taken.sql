-- Which of the standing tags and entries does the newest snapshot contradict, and how?
-- gone: no longer held; on_loan, on_hold_shelf: in a reader's hands (what was on loan when it was put forward, and overdue,
-- is the same unreturned item still); reserved: a usable item is asked for by more readers than when it was put forward
-- (nobody waits for what is lost).
-- No parameters. Reads standing, a table registered by reconcile.py.
WITH asked AS (
    SELECT bib.unit_no, sum(hold.holds) AS holds
    FROM facts_of_day.hold AS hold JOIN facts_of_day.bib AS bib USING (bib_no)
    GROUP BY bib.unit_no
)
SELECT
    standing.* EXCLUDE (status, on_day),
    coalesce(item.status = 'on_loan' AND standing.status = 'on_loan', false)
        AND coalesce(item.due_date < standing.on_day::DATE, true) AS unreturned,
    CASE
        WHEN item.gone_on IS NOT NULL OR item.status = 'withdrawn' THEN 'gone'
        WHEN item.status = 'on_loan' AND NOT unreturned THEN 'on_loan'
        WHEN item.status = 'on_hold_shelf' THEN 'on_hold_shelf'
        WHEN asked.holds > standing.holds
            AND NOT unreturned
            AND coalesce(item.status, '') <> 'missing'
            AND coalesce(item.condition, '') NOT IN ('soiled', 'damaged') THEN 'reserved'
    END AS why
FROM standing
JOIN facts_of_day.item AS item USING (item_id)
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
LEFT JOIN asked ON asked.unit_no = bib.unit_no
WHERE why IS NOT NULL
ORDER BY standing.seq
