-- How many items are held?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, count(*) AS value FROM stock GROUP BY {by}
