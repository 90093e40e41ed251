-- The last event that can change what is proposed for an offer: decisions on items, requests and purchases. No parameters.
-- Read by gifts/standing.py. SQLite.
SELECT coalesce(max(seq), 0) FROM event WHERE aspect IN ('tag', 'entry', 'road', 'named', 'request', 'purchase')
