-- Writes the rows of `arriving` into a table of the index. Filled in: table. Read by grown.py.
INSERT INTO {table} BY NAME SELECT * FROM arriving
