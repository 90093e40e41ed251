-- 開架新刊率: which part of the items on open shelves was received in the fiscal year?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, count(*) FILTER (received = $year) / count(*) AS value
FROM stock
WHERE coalesce(location, 'open') = 'open'
GROUP BY {by}
