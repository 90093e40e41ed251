-- How many holds wait for each usable copy of the titles that have holds?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, sum(holds) / nullif(sum(copies), 0) AS value
FROM (
    SELECT {by}, unit_no, any_value(holds) AS holds, count(*) FILTER (usable) AS copies
    FROM stock
    WHERE holds > 0
    GROUP BY {by}, unit_no
)
GROUP BY {by}
