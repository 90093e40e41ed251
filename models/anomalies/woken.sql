-- How many long-idle items of each cell were lent again in each month, against what its other months and the other cells
-- of that month make usual? One row a cell and month with items at risk. {cell}: shelf_class, or block (of one branch).
-- weight: items at risk times the season of the month (loans of long-idle items elsewhere against their usual rate, drawn
-- to 1 where there are few). whole, weights: lent and weight of the cell over all months. Reads spell. Read by train.py.
WITH change AS (
    SELECT branch, {cell} AS cell, begin AS month, 1 AS step FROM spell
    UNION ALL
    SELECT branch, {cell}, until + 1, -1 FROM spell
),
cell AS (SELECT branch, cell, min(month) AS first FROM change GROUP BY branch, cell),
grid AS (
    SELECT branch, cell, unnest(range(first, (SELECT loans_to + 1 FROM facts_of_day.meta))) AS month FROM cell
),
stepped AS (SELECT branch, cell, month, sum(step) AS step FROM change GROUP BY branch, cell, month),
lent AS (SELECT branch, {cell} AS cell, until AS month, count(*) AS lent FROM spell WHERE woken GROUP BY branch, {cell}, until),
counted AS (
    SELECT
        grid.branch, grid.cell, grid.month, coalesce(lent.lent, 0) AS lent,
        sum(coalesce(stepped.step, 0)) OVER (PARTITION BY grid.branch, grid.cell ORDER BY grid.month) AS at_risk
    FROM grid LEFT JOIN stepped USING (branch, cell, month) LEFT JOIN lent USING (branch, cell, month)
),
placed AS (
    SELECT
        *, sum(lent) OVER here AS month_lent, sum(at_risk) OVER here AS month_risk,
        sum(lent) OVER () / sum(at_risk) OVER () AS rate
    FROM counted WHERE at_risk > 0
    WINDOW here AS (PARTITION BY month)
),
weighed AS (
    SELECT *, (at_risk * (month_lent - lent + $steady) / ((month_risk - at_risk) * rate + $steady))::DECIMAL(18, 6) AS weight
    FROM placed -- exact figures, whose sum is the same in any order
)
SELECT
    branch, cell::VARCHAR AS cell, month::INTEGER AS month, lent::INTEGER AS lent, at_risk::INTEGER AS at_risk, weight::DOUBLE AS weight,
    (sum(lent) OVER same)::INTEGER AS whole, (sum(weight) OVER same)::DOUBLE AS weights
FROM weighed
WINDOW same AS (PARTITION BY branch, cell)
ORDER BY branch, cell, month
