-- Which rows are records that people chose? Parameter: asked, bib_ids. Read by gifts/checking.py.
SELECT bib_id, bib_no FROM facts_of_day.bib WHERE bib_id IN (SELECT unnest($asked))
