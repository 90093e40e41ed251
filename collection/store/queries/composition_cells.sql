-- How many items stand in each class at each branch, how often were they lent in the last year, how many are flagged?
-- Parameters: location (list of codes, NULL = everywhere), audience is told by class K. Read by: 蔵書構成.
SELECT
    branch, shelf_class, count(*) AS items, coalesce(sum(loans_1y), 0)::BIGINT AS loans,
    count(*) FILTER (verdict = 'candidate') AS candidates
FROM judged
WHERE $location IS NULL OR list_contains($location, location)
GROUP BY branch, shelf_class
