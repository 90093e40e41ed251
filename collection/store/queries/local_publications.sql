-- Which publications of a list are held? A record is the same when the ISBN is, or when the title is and, where the list
-- tells a year, the year is; of a record without a year that cannot be told.
-- Parameters: row, title_key, isbn, pub_year (lists of one length, an entry a publication). Read by local.py.
WITH wanted AS (
    SELECT unnest($row) AS row, unnest($title_key) AS title_key, unnest($isbn) AS isbn, unnest($pub_year) AS pub_year
),
alike AS (
    SELECT wanted.row, bib.bib_no, bib.pub_year, true AS same
    FROM wanted JOIN facts_of_day.bib AS bib ON bib.isbn = wanted.isbn
    UNION ALL
    SELECT wanted.row, bib.bib_no, bib.pub_year, wanted.pub_year IS NULL OR bib.pub_year = wanted.pub_year
    FROM wanted JOIN facts_of_day.bib AS bib ON bib.title_key = wanted.title_key
),
record AS (
    SELECT row, bib_no, any_value(pub_year) AS pub_year, bool_or(same) AS same FROM alike GROUP BY row, bib_no
),
held AS (
    SELECT record.row, record.pub_year, record.same, judged.usable
    FROM record JOIN judged ON judged.bib_no = record.bib_no
)
SELECT
    row,
    count(*) FILTER (same) AS items,
    count(*) FILTER (same AND usable) AS usable,
    count(*) FILTER (same IS NULL) AS unsure,
    string_agg(DISTINCT pub_year, '・' ORDER BY pub_year) FILTER (NOT same) AS other_years
FROM held
GROUP BY row
ORDER BY row
