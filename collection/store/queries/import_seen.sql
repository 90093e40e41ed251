-- Which keys stand in the file, also in rows that could not be read? kind: bibs, items …. Run by imports.merging.
INSERT INTO seen_{kind}
SELECT DISTINCT key
FROM staged
WHERE key IS NOT NULL
