-- Which groups of words were found in which record? Reads found (bib_no, word_groups, found_words), registered by
-- selection/facts.py, which runs it.
CREATE OR REPLACE TEMP TABLE bib_words AS SELECT * FROM found
