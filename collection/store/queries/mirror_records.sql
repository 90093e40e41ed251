-- Of which records are items held? No parameters. Read by mirror.py.
SELECT DISTINCT bib_no FROM judged WHERE bib_no IS NOT NULL
