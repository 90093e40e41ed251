-- What can the register of a period be narrowed to? Parameters: as books_chosen.sql. Read by books.py. SQLite.
SELECT json_extract(evidence.told, '$.branch') AS branch, clause, decided_by_id, decided_by, count(*) AS roads
FROM ({chosen}) AS chosen LEFT JOIN evidence ON evidence.hash = chosen.evidence
GROUP BY 1, 2, 3, 4
