-- The tables of an opened DuckDB file. No parameters. Read by doctor.
SELECT table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY table_name
