-- Day, hash and time of the snapshot that an import starts from. No parameters. Run by imports.
SELECT as_of, content_hash, (SELECT max(imported_at) FROM old.import_file)
FROM old.meta
