-- Which records hold a token? Sorted, so that those of one token stand together. No parameters. Run by selection/titles.py.
CREATE TABLE gram AS SELECT token, no AS bib_no FROM posting ORDER BY token, no
