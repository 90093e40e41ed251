-- Which items are on the books when a day begins? Those that the snapshot holds then, and those approved whose road has not
-- ended; not those whose road has ended, whatever the library system still shows. An item that was readmitted counts when
-- the snapshot holds it, or is too old to know. Received or gone between the day and the snapshot: told by its dates.
-- Parameter: {day} (an ISO day, filled in twice over the two days of a year). Filled in by report.py: day, and snapshot,
-- the schema it is attached as. Reads steps (report_steps.sql). Part of report_*.sql.
SELECT
    item.item_id, item.branch, CASE WHEN bib.audience = 'child' THEN 'children' ELSE 'general' END AS kind,
    item.accession_date, item.source
FROM {snapshot}.item AS item
LEFT JOIN {snapshot}.bib AS bib USING (bib_no)
LEFT JOIN (
    SELECT item_id, max_by(state, seq) AS state, max_by(on_day, seq) AS on_day FROM steps WHERE on_day < '{day}' GROUP BY item_id
) AS road USING (item_id)
CROSS JOIN {snapshot}.meta AS meta
WHERE NOT coalesce(item.accession_date >= DATE '{day}' AND item.accession_date <= meta.as_of, false)
    AND CASE
        WHEN road.state IN ('transferred', 'given', 'discarded', 'struck') THEN false
        WHEN road.state = 'readmitted' AND road.on_day::DATE > meta.as_of THEN true
        WHEN road.state IS NOT NULL AND road.state <> 'readmitted' THEN true
        ELSE (item.gone_on IS NULL OR item.gone_on > DATE '{day}') AND item.status IS DISTINCT FROM 'withdrawn'
    END
