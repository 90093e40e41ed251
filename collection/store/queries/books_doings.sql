-- Who did what how often? Parameters: as books_audited.sql. Read by books.py. SQLite.
SELECT person, max(name) AS name, role, kind, count(*) AS events, max(at) AS last_at
FROM ({audited})
GROUP BY person, role, kind
ORDER BY events DESC, person, kind
