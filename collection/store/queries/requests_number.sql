-- The last number a request got in a year; 0 when there was none. Parameter: start, "R2025-". Read by requests/taking.py. SQLite.
SELECT coalesce(max(CAST(substr(subject, length($start) + 1) AS INTEGER)), 0)
FROM event
WHERE aspect = 'request' AND follows = 0 AND substr(subject, 1, length($start)) = $start
