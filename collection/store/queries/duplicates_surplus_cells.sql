-- How many copies of a scope are beyond one a branch and beyond what use asks for, by branch and class?
-- Filled in by duplicates.py: scope, measures_scope with its parameters.
SELECT branch, shelf_class, count(*) AS surplus
FROM (
{scope}
)
WHERE surplus
GROUP BY branch, shelf_class
ORDER BY branch, shelf_class
