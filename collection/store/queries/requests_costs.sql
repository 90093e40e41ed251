-- What would the open requests cost? Those accepted or with the committee (those joined to one are the same book): requests,
-- yen, and unpriced, of which no price is known. No parameters. Read by requests/standing.py. SQLite.
SELECT count(*) AS requests,
    coalesce(sum(json_extract(event.details, '$.price')), 0) AS yen,
    count(*) - count(json_extract(event.details, '$.price')) AS unpriced
FROM event JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'request' GROUP BY subject) AS latest USING (seq)
WHERE event.state IN ('accepted', 'to_committee')
