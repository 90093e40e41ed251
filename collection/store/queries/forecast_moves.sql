-- Which copy that is not lent where it stands is likely to be lent at a branch without one? One row a title: its least
-- promising copy, and of the branches without any edition the one that promises most, where that is $well_used loans a year or
-- more and more than the interval of the copy where it stands. Not what is protected (but by rules of $allowing), on loan,
-- decided on, superseded or past the shelf life of its class. Columns as of duplicates_moves.sql, demand 'foreseen'.
-- Parameters: $well_used, $allowing (rule ids). Reads decided, forecast, branch_forecast. Read by forecast.py.
WITH promising AS MATERIALIZED (
    SELECT unit_no, branch, loans_12, low_12, high_12 FROM branch_forecast WHERE loans_12 >= $well_used
),
idle AS MATERIALIZED (
    SELECT
        item_no, unit_no, item.work_no, branch, copies_branch, loans_1y,
        here.loans_12 AS forecast_here, here.low_12 AS low_here, here.high_12 AS high_here
    FROM judged
    SEMI JOIN promising USING (unit_no)
    JOIN (SELECT item_no, status, work_no FROM facts_of_day.item) AS item USING (item_no)
    JOIN forecast AS here USING (item_no)
    WHERE judged.loans_1y = 0 AND usable AND circulates AND coalesce(location, '') <> 'closed' AND NOT superseded
        AND (coalesce(use_only, false) OR class_shelf_life IS NULL OR years_published <= class_shelf_life)
        AND (protected_by IS NULL OR list_has_all($allowing, string_split(protected_by, ';')))
        AND coalesce(status, 'available') = 'available'
        AND item_no NOT IN (SELECT item_no FROM decided WHERE tag IS NOT NULL OR entry IS NOT NULL OR road <> 'readmitted')
    QUALIFY row_number() OVER (PARTITION BY unit_no ORDER BY here.loans_12, item_no) = 1
),
present AS (
    SELECT DISTINCT item.work_no, judged.branch
    FROM (SELECT item_no, work_no FROM facts_of_day.item SEMI JOIN idle USING (work_no)) AS item
    JOIN judged USING (item_no)
    WHERE usable
),
best AS (
    SELECT
        idle.item_no, there.branch AS to_branch, there.loans_12 AS forecast_there, there.low_12 AS low_there,
        there.high_12 AS high_there
    FROM idle JOIN promising AS there USING (unit_no)
    ANTI JOIN present ON present.work_no = idle.work_no AND present.branch = there.branch
    WHERE there.loans_12 > high_here
    QUALIFY row_number() OVER (PARTITION BY idle.item_no ORDER BY there.loans_12 DESC, there.branch) = 1
)
SELECT
    item_no, idle.branch, to_branch, 'foreseen' AS demand, 0::BIGINT AS holds, 0::BIGINT AS copies_there,
    NULL::BIGINT AS loans_there, idle.copies_branch::BIGINT AS copies, idle.loans_1y::BIGINT AS loans_1y,
    forecast_here, low_here, high_here, forecast_there, low_there, high_there
FROM best JOIN idle USING (item_no)
ORDER BY forecast_there - forecast_here DESC, item_no
