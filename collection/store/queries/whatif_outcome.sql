-- How many items does each verdict take, by where they stand and what they are? One row a cell.
-- out: on loan; dated: with a year and a shelf life (the present one), past: older than that.
-- No parameters. Reads outcome (verdict.sql), base. Read by whatif.py.
SELECT
    outcome.branch, coalesce(outcome.location, 'open') AS location, outcome.shelf_class,
    coalesce(outcome.verdict, 'none') AS verdict, outcome.criterion,
    count(*) AS items,
    count(*) FILTER (base.status IN ('on_loan', 'in_transit', 'on_hold_shelf')) AS out,
    count(*) FILTER (base.years_published IS NOT NULL AND base.class_shelf_life IS NOT NULL) AS dated,
    count(*) FILTER (base.years_published > base.class_shelf_life) AS past,
    coalesce(sum(base.loans_1y), 0)::BIGINT AS loans
FROM outcome
JOIN base USING (item_no)
GROUP BY ALL
ORDER BY ALL
