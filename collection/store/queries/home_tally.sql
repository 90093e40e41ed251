-- How many items of each branch carry each verdict and criterion?
-- Parameters: none. Read by: ホーム.
SELECT branch, coalesce(verdict, 'none') AS verdict, criterion, count(*) AS items
FROM judged
GROUP BY ALL
