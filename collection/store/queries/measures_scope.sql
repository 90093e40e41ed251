-- The rows of one table (judged, year_cell or shelf_time) that a scope lets through, with the groups they may be told by.
-- Filled in by measures.py: table. Parameters: branch, location, shelf_class, audience, material (lists of codes) and
-- ndc (the beginning of a class); NULL lets everything through. Read by store/measures/*.sql.
SELECT *, '' AS whole, left(ndc, 2) AS division, ndc AS section
FROM {table}
WHERE ($branch IS NULL OR list_contains($branch, branch))
    AND ($location IS NULL OR list_contains($location, coalesce(location, '')))
    AND ($shelf_class IS NULL OR list_contains($shelf_class, shelf_class))
    AND ($audience IS NULL OR list_contains($audience, coalesce(audience, '')))
    AND ($material IS NULL OR list_contains($material, coalesce(material, '')))
    AND ($ndc IS NULL OR starts_with(ndc, $ndc))
