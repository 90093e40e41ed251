-- How many items of each group are past the shelf life of their class? rated: those that have a year and a shelf life,
-- lifeless: those of classes judged by use alone, superseded: those with a newer edition held.
-- Filled in by freshness.py: by, the groups; scope, measures_scope. Parameters: those of the scope. Read by: 鮮度 and export.
SELECT
    {by}, count(*) AS items,
    count(*) FILTER (years_published > class_shelf_life) AS past,
    count(*) FILTER (years_published IS NOT NULL AND class_shelf_life IS NOT NULL) AS rated,
    count(*) FILTER (class_shelf_life IS NULL) AS lifeless,
    count(*) FILTER (superseded) AS superseded
FROM (
{scope}
)
GROUP BY ALL
ORDER BY ALL
