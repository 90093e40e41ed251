-- Is a group lent as much as its share of the holdings? 1 = as much.
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT
    {by},
    (sum(loans_1y) / nullif(sum(sum(loans_1y)) OVER ({within}), 0)) / (count(*) / sum(count(*)) OVER ({within})) AS value
FROM stock
GROUP BY {by}
