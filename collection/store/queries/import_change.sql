-- Put the file's fields into what is known and differs. kind: bibs, items …; fields: one assignment for each field the file has. Run by imports.merging.
UPDATE now_{kind} AS n
SET {fields}
FROM staged AS s
JOIN compared AS c USING (row)
WHERE n.key = s.key AND c.outcome = 'changed'
