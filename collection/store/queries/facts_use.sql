-- How was each item used? One row an item with any figure: its last month of use, and use in the 12 and
-- 36 months that end in $last_month. Parameter: $last_month (year * 12 + month - 1). Read by facts_brief.sql.
CREATE OR REPLACE TEMP TABLE item_use AS
SELECT
    item_no,
    max(CASE WHEN loans > 0 OR in_house > 0 THEN month END)::INTEGER AS last_month,
    sum(CASE WHEN month > $last_month - 12 THEN loans ELSE 0 END)::INTEGER AS loans_1y,
    sum(CASE WHEN month > $last_month - 36 THEN loans ELSE 0 END)::INTEGER AS loans_3y,
    sum(CASE WHEN month > $last_month - 12 THEN in_house END)::INTEGER AS in_house_1y,
    count(in_house) > 0 AS in_house_counted
FROM loan
WHERE month <= $last_month
GROUP BY item_no
