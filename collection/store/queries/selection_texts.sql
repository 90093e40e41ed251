-- The texts of records in which the pack's words are looked for. No parameters. Read by selection/facts.py.
SELECT bib_no, title, series, author, publisher, edition FROM bib
