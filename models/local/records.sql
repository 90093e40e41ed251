-- Which records are there to learn from and to look through? half parts them by work, so that editions of one work
-- are never on both sides; marked is NULL for records that carry another mark than those of the city; clues is how many
-- words of the pack's own list point to it. Parameter: seed. Reads bib_clue, made over all records (train.py).
CREATE TEMP TABLE record AS
SELECT
    row_number() OVER (ORDER BY bib.bib_no) - 1 AS row,
    bib.bib_no,
    coalesce(bib.work_no, bib.bib_no) AS work_no,
    ascii(right(md5(concat($seed, '/', coalesce(bib.work_no, bib.bib_no))), 1)) % 2 AS half,
    CASE
        WHEN bib.local IS NULL THEN false
        WHEN list_has_any(string_split(bib.local, ';'), ['local', 'official']) THEN true
    END AS marked,
    coalesce(len(string_split(bib_clue.local_clue, '・')), 0) AS clues,
    bib.pub_year
FROM facts_of_day.bib AS bib
LEFT JOIN bib_clue ON bib_clue.bib_no = bib.bib_no
