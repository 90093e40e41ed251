-- How many items does each verdict take, by where they stand and what they are? One row a cell.
-- place: open, closed or office, and out: not on the shelf now, both as in space_places.sql. dated: with a year and a shelf
-- life (the present one), past: older than that. No parameters. Reads outcome (verdict.sql), base. Read by whatif.py.
SELECT
    outcome.branch,
    CASE WHEN outcome.location IN ('closed', 'office') THEN outcome.location ELSE 'open' END AS place,
    outcome.shelf_class, coalesce(outcome.verdict, 'none') AS verdict, outcome.criterion,
    count(*) AS items,
    count(*) FILTER (
        base.status IN ('on_loan', 'on_hold_shelf', 'in_transit', 'in_repair', 'missing') OR base.unrecoverable
    ) AS out,
    count(*) FILTER (base.years_published IS NOT NULL AND base.class_shelf_life IS NOT NULL) AS dated,
    count(*) FILTER (base.years_published > base.class_shelf_life) AS past
FROM outcome
JOIN base USING (item_no)
GROUP BY ALL
ORDER BY ALL
