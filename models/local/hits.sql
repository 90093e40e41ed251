-- Which records say which words of a vocabulary? Reads vocabulary (a frame), record and token (train.py).
SELECT record.row, vocabulary.number
FROM vocabulary
JOIN token ON token.kind = vocabulary.kind AND token.word = vocabulary.word
JOIN record ON record.bib_no = token.bib_no
ORDER BY record.row, vocabulary.number
