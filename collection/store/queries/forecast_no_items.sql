-- The forecast of no item. No parameters. Put by forecast.py into forecast_items, as `source`.
SELECT
    NULL::INTEGER AS item_no, NULL::FLOAT AS loans_12, NULL::FLOAT AS low_12, NULL::FLOAT AS high_12, NULL::FLOAT AS lent_12,
    NULL::FLOAT AS loans_36, NULL::FLOAT AS lent_36
WHERE false
