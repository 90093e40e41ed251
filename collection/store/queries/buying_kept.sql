-- Every line of the buying list that people keep, as it stands, the oldest first. Read by buying/kept.py, from the ledger.
SELECT
    latest.subject AS no, latest.state, latest.seq, latest.on_day, latest.name, latest.reason, latest.details,
    first.on_day AS proposed_on, first.name AS proposed_by
FROM (SELECT min(seq) AS first, max(seq) AS last FROM event WHERE aspect = 'purchase' GROUP BY subject) AS chain
JOIN event AS latest ON latest.seq = chain.last
JOIN event AS first ON first.seq = chain.first
WHERE latest.state IS NOT NULL
ORDER BY latest.subject
