-- Which records without a local mark hold words that point to the city, and which words? Filled in by
-- facts.py from the pack: looked_at, the texts of a record that any clue looks at; any_word, a pattern of all
-- words; any_class, a condition on the class; clues, one SELECT of (bib_no, word) a clue.
-- Read by facts_bibs.sql.
CREATE OR REPLACE TEMP TABLE bib_clue AS
WITH hinted AS MATERIALIZED (
    SELECT bib_no, ndc, {looked_at}
    FROM bib
    WHERE local IS NULL AND ({any_word} OR {any_class})
)
SELECT bib_no, string_agg(DISTINCT word, '・' ORDER BY word) AS local_clue
FROM ({clues})
GROUP BY bib_no
