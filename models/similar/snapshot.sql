-- Which snapshot is attached? No parameters. Read by index.py.
SELECT path FROM duckdb_databases() WHERE database_name = 'facts_of_day'
