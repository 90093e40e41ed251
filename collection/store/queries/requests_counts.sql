-- How many requests stand in each state? No parameters. Read by requests/standing.py. SQLite.
SELECT event.state, count(*) AS requests
FROM event JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'request' GROUP BY subject) AS latest USING (seq)
WHERE event.state IS NOT NULL
GROUP BY event.state
