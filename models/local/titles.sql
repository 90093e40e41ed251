-- Which records without any mark look like local material, and by which of their words, the strongest first? Listed is only
-- what a person can check by a word of local_word. Parameters: line (likelihood from which records are listed), most (words
-- told). Reads scored (a frame), record, token and local_word (train.py).
CREATE TABLE local_title AS
WITH pointing AS (
    SELECT record.bib_no, scored.likely, token.word, max(local_word.weight) AS weight
    FROM record
    JOIN scored ON scored.row = record.row
    JOIN token ON token.bib_no = record.bib_no
    JOIN local_word ON local_word.kind = token.kind AND local_word.word = token.word
    WHERE record.marked = false AND scored.likely >= $line
    GROUP BY record.bib_no, scored.likely, token.word
)
SELECT
    bib_no,
    round(likely, 4) AS likely,
    array_to_string(list_slice(list(word ORDER BY weight DESC, word), 1, $most), ';') AS words
FROM pointing
GROUP BY bib_no, pointing.likely
ORDER BY pointing.likely DESC, bib_no
