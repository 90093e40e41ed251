-- The latest event of a request, and then those of the requests joined to it, the oldest first; `told` is what was known
-- when the request was last judged. Parameter: number. Read by requests/taking.py and standing.py. SQLite.
SELECT event.*, (
    SELECT evidence.told FROM event AS judged JOIN evidence ON evidence.hash = judged.evidence
    WHERE judged.aspect = 'request' AND judged.subject = event.subject
    ORDER BY judged.seq DESC LIMIT 1
) AS told
FROM event
JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'request' GROUP BY subject) AS latest USING (seq)
WHERE event.subject = $number
    OR (event.state = 'joined' AND json_extract(event.details, '$.joined_to') = $number)
ORDER BY event.subject <> $number, event.subject
