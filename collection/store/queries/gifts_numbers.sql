-- The last number that was given: of an offer in a fiscal year, or of a line of an offer; 0 when there was none. What was taken
-- back keeps its number. Parameter: start, "G2025-" or "G2025-001/". Read by gifts/keeping.py. SQLite.
SELECT coalesce(max(CAST(substr(subject, length($start) + 1) AS INTEGER)), 0)
FROM event
WHERE aspect = 'gift' AND follows = 0 AND substr(subject, 1, length($start)) = $start
