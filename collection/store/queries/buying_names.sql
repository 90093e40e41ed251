-- Which first authors and which series do the records name? kind: author or series; text: as the record writes it.
-- No parameters. Read by buying/use.py.
SELECT DISTINCT 'author' AS kind, string_split(author, ';')[1] AS text FROM facts_of_day.bib WHERE author IS NOT NULL
UNION ALL
SELECT DISTINCT 'series', series FROM facts_of_day.bib WHERE series IS NOT NULL
