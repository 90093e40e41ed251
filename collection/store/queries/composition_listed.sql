-- How many items does the list show, by branch, class, 綱 (division) and 目 (section)?
-- Filled in by composition.py: scope (candidates_filter, whose parameters it takes) and the groups. Reads decided.
-- Read by composition.py.
SELECT {by}, count(*) AS items
FROM (SELECT *, left(ndc, 2) AS division, ndc AS section FROM ({scope}))
GROUP BY ALL
