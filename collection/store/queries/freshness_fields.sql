-- How fresh is each field that the 基準 names, as a whole (prefix NULL) and by each class that makes it up?
-- rated: items with a year and a shelf life; dated: with a year; near, far: published at most that many years ago.
-- Children's books (K) have clauses of their own and are left out.
-- Filled in by freshness.py: scope, measures_scope. Parameters: those of the scope; fields and prefixes, side by side;
-- near and far (years), year (fiscal year of accession). Read by: 鮮度, 分野.
WITH named AS (
    SELECT unnest($fields) AS field, unnest($prefixes) AS prefix
),
placed AS (
    SELECT field, prefix, class.ndc
    FROM named
    JOIN (SELECT DISTINCT ndc FROM judged WHERE ndc IS NOT NULL) AS class ON starts_with(class.ndc, prefix)
)
SELECT
    field, prefix, count(*) AS items, quantile_cont(pub_year, 0.5) AS year_median,
    count(*) FILTER (years_published > class_shelf_life) AS past,
    count(*) FILTER (years_published IS NOT NULL AND class_shelf_life IS NOT NULL) AS rated,
    count(pub_year) AS dated,
    count(*) FILTER (years_published <= $near) AS near,
    count(*) FILTER (years_published <= $far) AS far,
    count(*) FILTER (received = $year) AS received
FROM (
{scope}
)
JOIN placed USING (ndc)
WHERE shelf_class <> 'K'
GROUP BY GROUPING SETS ((field), (field, prefix))
ORDER BY field, prefix
