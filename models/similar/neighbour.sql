-- Which titles are similar to each? What the app reads: score (0–1), shared_words (parted by ;), class (what both begin with).
-- No parameters. Reads pair.
CREATE TABLE neighbour AS SELECT * FROM pair WHERE shared_words IS NOT NULL ORDER BY bib_no, score DESC, other_no
