-- The state of every list up to the event `until`. Read by decisions.py.
SELECT event.subject AS list_no, event.state AS list_state
FROM event
JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'list' AND seq <= $until GROUP BY subject) AS latest USING (seq)
