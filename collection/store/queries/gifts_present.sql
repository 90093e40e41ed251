-- How does every offer stand, and every line of it? The latest event of each chain that has a state; an offer's own subject
-- is its ticket number. Parameter: ticket (NULL: all). Read by gifts/standing.py. SQLite.
SELECT event.subject, event.list_no AS ticket, event.state, event.seq, event.on_day, event.name, event.clause, event.reason,
    event.details
FROM event
JOIN (
    SELECT max(seq) AS seq FROM event WHERE aspect = 'gift' AND ($ticket IS NULL OR list_no = $ticket) GROUP BY subject
) AS latest USING (seq)
WHERE event.state IS NOT NULL
ORDER BY event.list_no, event.seq
