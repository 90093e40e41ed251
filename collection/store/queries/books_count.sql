-- How many roads does the register show, and how many of them have not ended? Parameters: as books_chosen.sql.
-- Filled in by books.py: chosen, the query of that name. SQLite.
SELECT count(*), count(*) FILTER (WHERE ended_on IS NULL) FROM ({chosen})
