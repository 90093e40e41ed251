-- Which months have loan figures, and which day do the flags count to? One row; NULL without figures. No parameters.
-- Read by models/use/rows.py.
SELECT loans_from::INTEGER, loans_to::INTEGER, (SELECT as_of FROM flags.judging) FROM facts_of_day.meta
