-- Of what the rule on low use would have taken then, how much was foreseen to be lent after and how much was? One row a cutoff
-- (ago: years before today), all classes together. Filled in by forecast.py: schema. Parameter: $horizon, months.
-- Read by the view of モデル and the look back of 試算.
SELECT ago, sum(items)::BIGINT AS items, sum(expected) AS expected, sum(went_out)::BIGINT AS went_out
FROM {schema}.looked_back
WHERE horizon = $horizon
GROUP BY ago
ORDER BY ago
