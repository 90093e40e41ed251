-- The pairs in an earlier index of titles that are not compared anew (table staying: bib_no). Reads kept. Read by grown.py.
SELECT bib_no, other_no, score FROM kept SEMI JOIN staying USING (bib_no)
