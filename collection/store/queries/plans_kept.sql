-- The plans that people keep, by name. No parameters. Runs on the ledger. Read by plans/keeping.py.
SELECT event.seq, event.subject, event.name, event.at, event.reason, event.details
FROM event JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'plan' GROUP BY subject) AS latest USING (seq)
WHERE event.state IS NOT NULL
ORDER BY event.subject
