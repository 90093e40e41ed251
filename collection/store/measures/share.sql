-- Which part of the holdings is each group? Within: the groups that add up to 1.
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, count(*) / sum(count(*)) OVER ({within}) AS value FROM stock GROUP BY {by}
