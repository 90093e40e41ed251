-- Items that a full export no longer has leave the holdings; their past stays. $as_of: day of the import. Run by imports.merging.
UPDATE now_items
SET gone_on = $as_of
WHERE gone_on IS NULL AND key NOT IN (SELECT key FROM seen_items)
