-- Which columns have the tables of a flags file? Read by frame.py, which wants those of schema/judged.sql.
SELECT table_name, column_name FROM information_schema.columns
