-- Which records did requests match, that were taken on or after a day and neither cancelled nor taken back? One row a record:
-- bib_id, requests, last_on. Parameter: since (2024-04-01). Read by mirror.py. SQLite.
SELECT json_extract(event.details, '$.bib_id') AS bib_id, count(*) AS requests, max(first.on_day) AS last_on
FROM event
JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'request' GROUP BY subject) AS latest USING (seq)
JOIN event AS first ON first.aspect = 'request' AND first.subject = event.subject AND first.follows = 0
WHERE event.state IS NOT NULL
    AND event.state <> 'cancelled'
    AND first.on_day >= $since
    AND json_extract(event.details, '$.bib_id') IS NOT NULL
GROUP BY bib_id
