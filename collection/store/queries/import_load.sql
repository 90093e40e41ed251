-- Add what was not known. kind: bibs, items …; fields: names of all columns. Run by imports.merging.
INSERT INTO now_{kind} (key, {fields})
SELECT s.key, {fields}
FROM staged AS s
SEMI JOIN (SELECT row FROM compared WHERE outcome = 'loaded') AS c USING (row)
