-- Which records stand on the pack's lists? A row of a list names a record when every filled cell agrees: the
-- ISBN, the title key, the author (among the record's authors). Reads list_row (listed, title_key, author,
-- isbn). $authors: pattern of all listed authors. Read by facts_bibs.sql.
CREATE OR REPLACE TEMP TABLE bib_list AS
WITH author_of AS MATERIALIZED (
    SELECT bib_no, translate(author, ' 　,，・', '') AS author FROM bib WHERE regexp_matches(author, $authors)
),
named AS (
    SELECT bib.bib_no, list_row.listed, list_row.author
    FROM list_row JOIN bib USING (isbn)
    WHERE list_row.title_key IS NULL OR list_row.title_key = bib.title_key
    UNION ALL
    SELECT bib.bib_no, list_row.listed, list_row.author
    FROM list_row JOIN bib USING (title_key)
    WHERE list_row.isbn IS NULL
    UNION ALL
    SELECT author_of.bib_no, list_row.listed, list_row.author
    FROM list_row JOIN author_of ON contains(author_of.author, list_row.author)
    WHERE list_row.isbn IS NULL AND list_row.title_key IS NULL
)
SELECT named.bib_no, string_agg(DISTINCT named.listed, ';' ORDER BY named.listed) AS listed
FROM named
LEFT JOIN author_of ON author_of.bib_no = named.bib_no
WHERE named.author IS NULL OR contains(author_of.author, named.author)
GROUP BY named.bib_no
