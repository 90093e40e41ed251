-- The numbers of all requests that have not ended. No parameters. Read by requests/taking.py. SQLite.
SELECT event.subject
FROM event JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'request' GROUP BY subject) AS latest USING (seq)
WHERE event.state IN ('accepted', 'to_committee', 'joined', 'unclear')
