-- What is foreseen for each item that circulates and is there to be lent today. Reads told (item_no, loans_12, low_12, high_12,
-- lent_12, loans_36, lent_36), registered by train.py. lent_…: how likely it goes out at all. No parameters.
-- Read by collection/forecast.py.
CREATE TABLE item_forecast AS
SELECT
    item_no, round(loans_12, 3)::FLOAT AS loans_12, round(low_12, 3)::FLOAT AS low_12, round(high_12, 3)::FLOAT AS high_12,
    round(lent_12, 4)::FLOAT AS lent_12, round(loans_36, 3)::FLOAT AS loans_36, round(lent_36, 4)::FLOAT AS lent_36
FROM told
JOIN flags.judged USING (item_no)
JOIN (SELECT item_no, status FROM facts_of_day.item) AS item USING (item_no)
WHERE circulates AND coalesce(status, '') NOT IN ('missing', 'withdrawn')
ORDER BY item_no
