-- The forecast of no title at no branch. No parameters. Put by forecast.py into forecast_branches, as `source`.
SELECT
    NULL::INTEGER AS unit_no, NULL::VARCHAR AS branch, NULL::FLOAT AS loans_12, NULL::FLOAT AS low_12, NULL::FLOAT AS high_12
WHERE false
