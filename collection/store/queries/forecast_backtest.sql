-- The back-test of the forecast, one row a class: the years it was tried on added up. Filled in by forecast.py: schema.
-- Parameter: $horizon, months. Read by the view of モデル.
-- items, actual; model, last_year and class_age: loans told in all; deviance_…: mean Poisson deviance; covered: part of the
-- items within the interval.
SELECT
    shelf_class, sum(items)::BIGINT AS items, sum(actual) AS actual, sum(model) AS model, sum(last_year) AS last_year,
    sum(class_age) AS class_age, sum(deviance_model * items) / sum(items) AS deviance_model,
    sum(deviance_last_year * items) / sum(items) AS deviance_last_year,
    sum(deviance_class_age * items) / sum(items) AS deviance_class_age, sum(covered) / sum(items) AS covered
FROM {schema}.backtest
WHERE horizon = $horizon
GROUP BY shelf_class
ORDER BY shelf_class
