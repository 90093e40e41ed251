-- Which titles are near each, but not confirmed by words? Kept for the next index. No parameters. Reads pair.
CREATE TABLE unsure AS SELECT bib_no, other_no, score, class FROM pair WHERE shared_words IS NULL ORDER BY bib_no, other_no
