-- Takes over the pairs of an earlier index, but not those of titles that are compared anew (table anew: bib_no) nor those that
-- nearer ones took the place of (table beaten: bib_no, other_no). Reads kept. Read by grown.py.
INSERT INTO pair BY NAME
SELECT kept.* EXCLUDE (lost)
FROM kept
ANTI JOIN anew USING (bib_no)
ANTI JOIN beaten USING (bib_no, other_no)
