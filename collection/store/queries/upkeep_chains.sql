-- How many events do not follow the one before them in their chain, and the first of them. No parameters. SQLite. Read by doctor.
WITH placed AS (
    SELECT seq, follows, lag(seq, 1, 0) OVER (PARTITION BY aspect, subject ORDER BY seq) AS before
    FROM event
)
SELECT count(*) AS wrong, min(seq) AS first FROM placed WHERE follows <> before
