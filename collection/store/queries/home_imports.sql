-- What went into the newest snapshot, file by file?
-- Parameters: none. Read by: ホーム and 取込.
SELECT imported_at, as_of, file, kind, encoding, mapping, rows, loaded, changed, unchanged, skipped, error, gone, rejects
FROM facts_of_day.import_file
WHERE as_of = (SELECT max(as_of) FROM facts_of_day.import_file)
ORDER BY imported_at DESC, kind, file
