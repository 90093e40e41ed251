-- What is foreseen for one copy of a title at each branch, in the next twelve months. Reads told (unit_no, branch, loans_12,
-- low_12, high_12), registered by train.py. No parameters. Read by collection/forecast.py.
CREATE TABLE branch_forecast AS
SELECT
    unit_no, branch, round(loans_12, 3)::FLOAT AS loans_12, round(low_12, 3)::FLOAT AS low_12, round(high_12, 3)::FLOAT AS high_12
FROM told
ORDER BY unit_no, branch
