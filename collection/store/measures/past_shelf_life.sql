-- Which part is older than the shelf life of its class, of the items that have both a year and a shelf life?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT
    {by},
    count(*) FILTER (years_published > class_shelf_life)
        / nullif(count(*) FILTER (years_published IS NOT NULL AND class_shelf_life IS NOT NULL), 0) AS value
FROM stock
GROUP BY {by}
