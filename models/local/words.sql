-- Which words point to the city, how strongly, and how many records say them, how many of these marked? The weight is the
-- mean of both halves; a half that does not know the word counts 0. Parameter: points (weight from which a word is told).
-- Reads learnt (a frame), record and token (train.py).
CREATE TABLE local_word AS
WITH word AS (
    SELECT kind, word, sum(weight) / 2 AS weight FROM learnt GROUP BY kind, word HAVING sum(weight) / 2 >= $points
)
SELECT
    word.kind, word.word, round(word.weight, 4) AS weight,
    count(*) AS records, count(*) FILTER (record.marked) AS marked
FROM word
JOIN token ON token.kind = word.kind AND token.word = word.word
JOIN record ON record.bib_no = token.bib_no
WHERE record.marked IS NOT NULL
GROUP BY word.kind, word.word, word.weight
ORDER BY word.weight DESC, word.kind, word.word
