-- How often were the held items lent in the last twelve months?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(loans_1y) AS value FROM stock GROUP BY {by}
