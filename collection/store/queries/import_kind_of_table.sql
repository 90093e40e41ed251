-- Is a name a table or a view? $name. Run by imports.finishing.
SELECT table_type
FROM information_schema.tables
WHERE table_name = $name
