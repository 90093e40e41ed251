-- How many items has each year of publication, on open shelves and elsewhere, and how many are past their shelf life?
-- One row a side (open: true, false, NULL where the place is not on record), year and shelf life of the class.
-- Filled in by freshness.py: scope, measures_scope. Parameters: those of the scope. Read by: 鮮度, 出版年.
SELECT
    location = 'open' AS open, pub_year, class_shelf_life, count(*) AS items,
    count(*) FILTER (years_published > class_shelf_life) AS past
FROM (
{scope}
)
GROUP BY ALL
ORDER BY ALL
