-- Which subjects does the catalogue know? No parameters. Read by plans/counting.py.
SELECT DISTINCT unnest(string_split(subjects, ';')) AS subject FROM facts_of_day.bib WHERE subjects IS NOT NULL
