-- Of forecasts that said about as much, what came? One row a group, the years it was tried on added up: least (of what was
-- foreseen), items, mean (foreseen) and actual. Filled in by forecast.py: schema. Parameter: $horizon, months.
-- Read by the view of モデル.
SELECT least, sum(items)::BIGINT AS items, sum(mean * items) / sum(items) AS mean, sum(actual * items) / sum(items) AS actual
FROM {schema}.calibration
WHERE horizon = $horizon
GROUP BY least
ORDER BY least
