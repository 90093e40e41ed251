-- How many events does the audit show? Parameters: as books_audited.sql. Read by books.py. SQLite.
SELECT count(*) FROM ({audited})
