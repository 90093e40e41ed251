-- Which branches and places are there to choose from, largest first?
-- Parameters: none. Read by: the filters of 除籍候補.
SELECT branch, location, count(*) AS items
FROM judged
GROUP BY ALL
ORDER BY items DESC, branch, location
