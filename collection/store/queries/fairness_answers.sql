-- The reasons given for the concentrations of a list, the latest for each. Parameter: list_no. Read by fairness.py.
SELECT event.subject, event.reason, event.name, event.on_day
FROM event
JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'finding' AND list_no = $list_no GROUP BY subject) AS last USING (seq)
ORDER BY event.seq
