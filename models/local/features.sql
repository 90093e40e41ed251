-- Which words does each record say? Of title, series and subjects, and of the publisher: every piece of two to five
-- characters of its runs of kanji, and its runs of katakana; publisher and authors also whole. Not the class: a record
-- that was given a local class has been recognised already. All of it stands in the record from the day it is made.
CREATE TEMP TABLE token AS
WITH text AS (
    SELECT bib_no, 'word' AS kind, concat_ws(' ', title, series, replace(subjects, ';', ' ')) AS said FROM facts_of_day.bib
    UNION ALL
    SELECT bib_no, 'publisher', publisher FROM facts_of_day.bib WHERE publisher IS NOT NULL
),
run AS (
    SELECT bib_no, kind, unnest(regexp_extract_all(said, '[\p{Han}ヶ]{2,}|[\p{Katakana}ー]{2,}')) AS said FROM text
),
piece AS (
    SELECT bib_no, kind, unnest(
        CASE
            WHEN regexp_matches(said, '^[\p{Katakana}ー]+$') THEN [said]
            ELSE flatten([[said[i:i + n - 1] FOR i IN range(1, len(said) - n + 2)] FOR n IN range(2, 6)])
        END
    ) AS word
    FROM run
    UNION ALL
    SELECT bib_no, 'publisher', publisher FROM facts_of_day.bib WHERE publisher IS NOT NULL
    UNION ALL
    SELECT bib_no, 'author', trim(unnest(string_split(author, ';'))) FROM facts_of_day.bib WHERE author IS NOT NULL
)
SELECT DISTINCT bib_no, kind, word FROM piece WHERE word <> ''
