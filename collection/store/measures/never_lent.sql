-- Which part of the items that circulate was never lent? An item is never lent when its file says so.
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, count(*) FILTER (never_lent) / count(*) AS value FROM stock WHERE circulates GROUP BY {by}
