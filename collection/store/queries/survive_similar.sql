-- Which held items may go after all, because a similar title on the same narrow subject stays? Only where
-- another usable item of the work stays (an older edition), nobody names the held item, both are subject
-- literature of one class of at least four digits, and the titles share a word. $common: words that say
-- nothing of a subject. Reads standing, held, named. Read by verdict.sql.
CREATE OR REPLACE TEMP TABLE similar_title AS
WITH free AS (
    SELECT held.item_no, bib.ndc, bib.title, held.work_no
    FROM held
    JOIN standing ON standing.item_no = held.item_no AND standing.subject_literature
    JOIN bib USING (bib_no)
    WHERE NOT held.last
        AND length(bib.ndc) >= 5
        AND held.item_no NOT IN (SELECT survivor_item_no FROM named)
),
word AS (
    SELECT item_no, work_no, ndc, unnest(regexp_extract_all(title, '[\p{Han}]{2,}|[ァ-ヴー]{2,}|[A-Za-z]{3,}')) AS word
    FROM free
),
neighbour AS (
    SELECT
        standing.item_no, standing.work_no, bib.ndc, standing.last_use,
        unnest(regexp_extract_all(bib.title, '[\p{Han}]{2,}|[ァ-ヴー]{2,}|[A-Za-z]{3,}')) AS word
    FROM standing
    JOIN bib USING (bib_no)
    WHERE standing.usable AND NOT standing.eligible AND NOT standing.leaving AND standing.subject_literature
        AND bib.ndc IN (SELECT ndc FROM free)
)
SELECT
    word.item_no,
    arg_max(neighbour.item_no, (coalesce(neighbour.last_use, DATE '0001-01-01'), -neighbour.item_no)) AS survivor_item_no,
    string_agg(DISTINCT word.word, ';' ORDER BY word.word) AS shared_words
FROM word
JOIN neighbour ON neighbour.ndc = word.ndc AND neighbour.word = word.word AND neighbour.work_no <> word.work_no
WHERE NOT list_contains($common, word.word)
GROUP BY word.item_no
