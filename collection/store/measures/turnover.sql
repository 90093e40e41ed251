-- 回転率: how often was each item lent on average in the last twelve months?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(loans_1y) / count(*) AS value FROM stock GROUP BY {by}
