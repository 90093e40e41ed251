-- Does a flags file count fiscal years (year_cell), as those of version 0.3 do? One row when it does. Read by shares.py, trends.py, counts.py.
SELECT table_name FROM information_schema.tables WHERE table_name = 'year_cell'
