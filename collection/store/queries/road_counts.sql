-- How many items stand at each step of the road, by branch? No parameters. Reads decided. Read by 行先.
SELECT decided.road, item.branch, count(*) AS items
FROM decided JOIN facts_of_day.item AS item USING (item_no)
WHERE decided.road IS NOT NULL
GROUP BY ALL
ORDER BY ALL
