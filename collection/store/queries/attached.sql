-- Is a database of this name attached already? Parameter: name. Read by connection.py.
SELECT 1 FROM duckdb_databases() WHERE database_name = $name
