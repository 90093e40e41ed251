-- Which part of the loans of the last twelve months is each group? NULL where nothing was lent at all.
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(loans_1y) / nullif(sum(sum(loans_1y)) OVER ({within}), 0) AS value FROM stock GROUP BY {by}
