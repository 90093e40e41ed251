-- How many records are there (bib_no counts from 0)? No parameters. Read by selection/titles.py.
SELECT coalesce(max(bib_no) + 1, 0) FROM facts_of_day.bib
