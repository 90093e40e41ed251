-- Of what the rule on low use and low value would have taken at the cutoff of a back-test, how much was foreseen to be lent
-- in the months after, and how much was? One row a class. The rule as in whatif_backtest.sql: copies, survivors and protections
-- are left aside, and idle years are cut down to what the loan figures cover.
-- Reads told (item_no, months_idle, months_held, lent, went_out), registered by train.py.
-- Parameters: $ago, years from the cutoff to today; $covered, whole years of loan figures before the cutoff; $use_only_years.
WITH asked AS (
    SELECT
        judged.shelf_class, told.*, class_shelf_life, years_published, use_only,
        12 * least(CASE WHEN use_only THEN greatest(class_idle_years, $use_only_years) ELSE class_idle_years END, $covered) AS idle
    FROM told JOIN flags.judged USING (item_no)
    WHERE circulates
)
SELECT shelf_class, count(*) AS items, sum((lent * 10000)::BIGINT) / 10000 AS expected, sum(went_out)::BIGINT AS went_out
FROM asked
WHERE (use_only OR years_published - $ago > class_shelf_life)
    AND months_held >= idle AND coalesce(months_idle >= idle, true)
GROUP BY shelf_class
ORDER BY shelf_class
