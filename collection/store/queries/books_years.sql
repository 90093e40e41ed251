-- The first and the last day on which a road began or ended. No parameters. Read by books.py. SQLite.
SELECT min(on_day), max(on_day) FROM event WHERE aspect = 'road'
