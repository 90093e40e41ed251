-- What do some records say of the title they are? $first, $last: their bib_no. Read by selection/titles.py.
SELECT bib_no, work_no, title, title_kana, volume, author, publisher, pub_year, edition, isbn, material
FROM facts_of_day.bib
WHERE bib_no BETWEEN $first AND $last
ORDER BY bib_no
