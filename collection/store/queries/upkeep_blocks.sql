-- Bytes that the blocks of an opened DuckDB file take, without its three headers. No parameters. Read by doctor.
SELECT block_size * total_blocks FROM pragma_database_size()
