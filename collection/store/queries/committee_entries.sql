-- The items of a list, as the list last dealt with them, in the order in which they were put on it, with their readers
-- (a JSON list of accounts) and what was known of them then. Parameter: list_no. Read by agenda.py.
WITH chain AS (
    SELECT subject, max(seq) AS last, min(seq) AS first, max(CASE WHEN kind = 'enter' THEN seq END) AS entered
    FROM event
    WHERE aspect = 'entry' AND list_no = $list_no
    GROUP BY subject
)
SELECT
    event.subject AS item_id, event.state, event.seq, entered.clause, event.reason,
    json_extract(entered.details, '$.readers') AS readers, evidence.told
FROM chain
JOIN event ON event.seq = chain.last
JOIN event AS entered ON entered.seq = chain.entered
LEFT JOIN evidence ON evidence.hash = entered.evidence
WHERE event.state IS NOT NULL
ORDER BY chain.first
