-- When was each item last lent before a month in the past, and how often since? One row an item with loans.
-- Filled in by whatif.py: n, of the table. Parameters: $cut, the last month that is known then; $last, the last month now
-- (year * 12 + month - 1). Read by whatif_backtest.sql.
CREATE OR REPLACE TEMP TABLE past_{n} AS
SELECT
    item_no,
    max(month) FILTER (month <= $cut AND loans > 0)::INTEGER AS last_month,
    coalesce(sum(loans) FILTER (month > $cut), 0)::INTEGER AS later
FROM loan
WHERE month <= $last
GROUP BY item_no
