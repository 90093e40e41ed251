-- The requests in certain states, the newest first, one page of them. Parameters: states, a JSON list; text, of which
-- number, title, author or ISBN hold a part (NULL: any); rows and skip. Read by requests/standing.py. SQLite.
WITH request AS (
    SELECT
        event.subject AS number, event.state, event.on_day AS changed_on, event.clause,
        json_extract(event.details, '$.title') AS title,
        json_extract(event.details, '$.author') AS author,
        json_extract(event.details, '$.isbn') AS isbn,
        json_extract(event.details, '$.price') AS price,
        json_extract(event.details, '$.verdict') AS verdict
    FROM event JOIN (SELECT max(seq) AS seq FROM event WHERE aspect = 'request' GROUP BY subject) AS latest USING (seq)
    WHERE event.state IN (SELECT value FROM json_each($states))
)
SELECT request.*, first.on_day AS taken_on, first.name AS taken_by, count(*) OVER () AS found
FROM request
JOIN event AS first ON first.aspect = 'request' AND first.subject = request.number AND first.follows = 0
WHERE $text IS NULL OR instr(lower(
    number || ' ' || coalesce(title, '') || ' ' || coalesce(author, '') || ' ' || coalesce(isbn, '')
), lower($text)) > 0
ORDER BY first.seq DESC
LIMIT $rows OFFSET $skip
