-- When was a snapshot made? No parameters. Read by snapshots.
SELECT max(imported_at)
FROM import_file
