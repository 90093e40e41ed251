-- Pairs to look at on the page モデル, of works of different names, some of each band of scores, taken from all over the library.
-- Parameters: bands (where they begin, highest first), most. Reads neighbour, facts_of_day.bib. Read by index.py.
WITH banded AS (
    SELECT bib_no, other_no, shared_words, class, score, list_filter($bands, lambda begins: begins <= score)[1] AS band
    FROM neighbour
    WHERE bib_no < other_no
)
SELECT band, one.title AS title, other.title AS other_title, shared_words, class, round(score, 2) AS score
FROM banded
JOIN facts_of_day.bib AS one ON one.bib_no = banded.bib_no
JOIN facts_of_day.bib AS other ON other.bib_no = banded.other_no
WHERE one.title_key <> other.title_key AND one.work_no <> other.work_no
QUALIFY row_number() OVER (PARTITION BY band ORDER BY hash(banded.bib_no, banded.other_no)) <= $most
ORDER BY band DESC, score DESC, title, other_title
