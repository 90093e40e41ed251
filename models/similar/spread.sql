-- How are the scores spread, and how many neighbours do titles have? feature, step (of ten), n. No parameters. Reads neighbour, record.
SELECT 'score' AS feature, least(floor(score * 10), 9)::INTEGER AS step, count(*) AS n FROM neighbour GROUP BY ALL
UNION ALL
SELECT 'neighbours', least(coalesce(found.n, 0), 10)::INTEGER, count(*)
FROM record LEFT JOIN (SELECT bib_no, count(*) AS n FROM neighbour GROUP BY bib_no) AS found USING (bib_no)
GROUP BY ALL
ORDER BY ALL
