-- Which number does the next file's raw table get? Read by sources.
SELECT coalesce(max(regexp_extract(table_name, '^raw_([0-9]+)$', 1)::INTEGER), 0) + 1
FROM information_schema.tables
WHERE regexp_matches(table_name, '^raw_[0-9]+$')
