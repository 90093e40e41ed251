-- Of the candidates of today, how many are likely to be lent again? One row a criterion and class: items (those of which
-- something is foreseen), lent_12 and lent_36, the likely number that goes out at least once (lent_36 NULL: not foreseen).
-- No parameters. Read by forecast.py.
SELECT
    criterion, shelf_class, count(*) AS items, sum((lent_12 * 10000)::BIGINT) / 10000 AS lent_12,
    sum((lent_36 * 10000)::BIGINT) / 10000 AS lent_36
FROM judged JOIN forecast USING (item_no)
WHERE verdict = 'candidate'
GROUP BY criterion, shelf_class
ORDER BY criterion, shelf_class
