-- What the new snapshot is. $as_of; $content_hash. Run by imports.building.
INSERT INTO new.meta
SELECT $as_of, $content_hash, min(month), max(month)
FROM new.loan
