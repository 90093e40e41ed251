-- Everything that was done with one request, oldest first. Parameter: number. Read by requests/standing.py. SQLite.
SELECT * FROM event WHERE aspect = 'request' AND subject = $number ORDER BY seq
