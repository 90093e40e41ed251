-- How many titles have neighbours, and what are the pairs like? One row. No parameters. Reads neighbour, record, facts_of_day.meta.
SELECT
    (SELECT count(*) FROM record) AS records,
    (SELECT count(*) FROM record WHERE block IS NOT NULL) AS compared,
    count(*) AS pairs,
    count(DISTINCT bib_no) AS titles,
    count(DISTINCT bib_no) FILTER (WHERE length(class) >= 5) AS narrow,
    (SELECT as_of FROM facts_of_day.meta) AS as_of
FROM neighbour
