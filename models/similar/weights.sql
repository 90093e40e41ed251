-- The weights of an earlier index. Filled in: table (gram or stop). No parameters. Read by grown.py.
SELECT * FROM earlier.{table}
