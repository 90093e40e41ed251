-- The first and the last month with loan figures (months since year 0), NULL without any. No parameters.
-- Reads the snapshot attached as facts_of_day. Read by yearbook/counts.py.
SELECT loans_from, loans_to FROM facts_of_day.meta
