-- By which bib_id are records known from one snapshot to the next? Parameter: asked, numbers of records. Read by gifts/checking.py.
SELECT bib_no, bib_id FROM facts_of_day.bib WHERE bib_no IN (SELECT unnest($asked))
