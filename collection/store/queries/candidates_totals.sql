-- How many items of the filter carry each verdict and criterion?
-- Filled in by candidates.py: scope, candidates_filter, with its parameters.
-- Read by: the head of 除籍候補 and its verdict and criterion filters.
SELECT coalesce(verdict, 'none') AS verdict, criterion, count(*) AS items
FROM (
{scope}
)
GROUP BY ALL
