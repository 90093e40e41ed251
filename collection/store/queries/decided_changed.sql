-- The latest event of every chain that belongs to an item and changed after `since`, up to `until`.
-- Parameters: since and until, numbers of events. Read by decisions.py.
SELECT event.aspect, event.subject AS item_id, event.state, event.seq, event.at, event.on_day, event.person, event.name,
    event.list_no, event.clause, event.reason, event.details
FROM event
JOIN (
    SELECT max(seq) AS seq FROM event
    WHERE aspect IN ('tag', 'entry', 'road', 'shelf') AND seq > $since AND seq <= $until
    GROUP BY aspect, subject
) AS changed USING (seq)
