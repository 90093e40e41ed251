-- How much evidence does not have the hash it is filed under, and how many events cite one that is not there.
-- No parameters; sha256(text) comes from the caller. SQLite. Read by doctor.
SELECT
    (SELECT count(*) FROM evidence WHERE hash <> sha256(told)) AS changed,
    (SELECT count(*) FROM event LEFT JOIN evidence ON evidence.hash = event.evidence
     WHERE event.evidence IS NOT NULL AND evidence.hash IS NULL) AS lost
