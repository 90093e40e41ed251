-- Which titles are similar to which? The pairs that survivors may be looked for in. Filled in by survive.py: pairs, the table of
-- an index (models/similar/neighbour.sql), or nothing at all. Read by survive_similar.sql.
CREATE OR REPLACE TEMP VIEW neighbour AS
SELECT bib_no, other_no, score, shared_words, class FROM {pairs}
