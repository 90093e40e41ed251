-- Every list: how it was drafted, how far it is, when it was submitted and closed last. One row a list, the newest first.
-- Parameter: list_no, or NULL for all. Read by committee.py.
WITH chain AS (
    SELECT
        subject AS list_no, min(seq) AS first, max(seq) AS last,
        max(CASE WHEN kind = 'submit' THEN seq END) AS submit,
        max(CASE WHEN kind = 'close' THEN seq END) AS close
    FROM event
    WHERE aspect = 'list' AND ($list_no IS NULL OR subject = $list_no)
    GROUP BY subject
)
SELECT
    chain.list_no, now.state, now.seq, now.on_day, now.reason,
    drafted.on_day AS drafted_on, drafted.person AS drafted_by, drafted.name AS drafted_name, drafted.details,
    submitted.on_day AS submitted_on, closed.on_day AS closed_on, closed.name AS closed_name, closed.details AS closing
FROM chain
JOIN event AS now ON now.seq = chain.last
JOIN event AS drafted ON drafted.seq = chain.first
LEFT JOIN event AS submitted ON submitted.seq = chain.submit
LEFT JOIN event AS closed ON closed.seq = chain.close
ORDER BY chain.first DESC
