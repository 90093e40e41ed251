-- Which titles are asked for or on order now? Every open request that is identified and every ordered line of the buying
-- list that changed after the event `since` (0: all), with its details. Parameter: since. Read by requests/standing.py. SQLite.
SELECT event.aspect, event.subject, event.details
FROM event JOIN (
    SELECT max(seq) AS seq FROM event WHERE aspect IN ('request', 'purchase') GROUP BY aspect, subject
) AS latest USING (seq)
WHERE event.seq > $since AND (
    (event.aspect = 'request' AND event.state IN ('accepted', 'to_committee', 'joined'))
    OR (event.aspect = 'purchase' AND event.state = 'ordered')
)
ORDER BY event.seq
