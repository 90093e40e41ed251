-- Which file is attached as facts_of_day? No row where none is. No parameters. Read by forecast.py.
SELECT path FROM duckdb_databases() WHERE database_name = 'facts_of_day' AND path IS NOT NULL
