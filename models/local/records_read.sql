-- The records in the order of row, which counts them from 0. Read by train.py.
FROM record ORDER BY row
