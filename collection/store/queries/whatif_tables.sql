-- Which tables were laid out for scenarios? No parameters. Read by whatif.py.
SELECT table_name FROM duckdb_tables() WHERE temporary
