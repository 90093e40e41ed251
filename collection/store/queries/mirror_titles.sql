-- What is known of some records, as of titles on offer (selection/facts.py, TITLE)? Parameter: asked (numbers of records).
-- Read by mirror.py.
SELECT
    bib_no::BIGINT AS row, title, volume, series, author, publisher, edition, isbn, c_code, ndc, class_mark, audience,
    material, language, subjects, local, price::BIGINT AS price, pub_year::BIGINT AS pub_year, NULL::DATE AS received_on
FROM facts_of_day.bib
WHERE bib_no IN (SELECT unnest($asked))
