-- What are records called, for a person to tell them apart? $asked: numbers of records. Read by selection/told.py.
SELECT bib_no, title, volume, edition, author, publisher, pub_year
FROM facts_of_day.bib
WHERE bib_no IN (SELECT unnest($asked))
