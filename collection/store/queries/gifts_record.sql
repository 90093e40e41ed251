-- What does the newest record with an ISBN say of its book? Parameter: isbn, 13 digits. Read by gifts/scanning.py.
SELECT title, volume, series, author, publisher, edition, isbn, c_code, ndc, class_mark, audience, material, language,
    subjects, local, price, pub_year
FROM facts_of_day.bib
WHERE isbn = $isbn
ORDER BY bib_no DESC
LIMIT 1
