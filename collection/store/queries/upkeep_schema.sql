-- The tables, indexes, views and triggers of a SQLite file as they were made. No parameters. SQLite. Read by doctor and tests.
SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name
