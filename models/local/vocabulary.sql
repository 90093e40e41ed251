-- Which words do enough marked works of one half say? A word that is never said but inside a longer one is left to that.
-- Parameters: half, least (works). Reads record and token (train.py).
WITH said AS (
    SELECT token.kind, token.word, count(*) AS records
    FROM token
    JOIN record ON record.bib_no = token.bib_no
    WHERE record.half = $half AND record.marked IS NOT NULL
    GROUP BY token.kind, token.word
    HAVING count(DISTINCT record.work_no) FILTER (record.marked) >= $least
)
SELECT row_number() OVER (ORDER BY kind, word) - 1 AS number, kind, word
FROM said
WHERE NOT EXISTS (
    FROM said AS longer
    WHERE longer.kind = said.kind AND longer.records = said.records
        AND longer.word <> said.word AND contains(longer.word, said.word)
)
ORDER BY number
