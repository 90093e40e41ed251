-- What of each record tells whether two records are one work? No parameters. Read by works.py.
SELECT bib_no, title, title_key, volume, author, publisher, pub_year, edition, isbn, material, language
FROM bib
ORDER BY bib_no
