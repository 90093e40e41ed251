-- Of the volumes of each branch and place, how many leave already by decision, how many may be withdrawn by the rules, and
-- how many should go to closed stacks? Only what frees a shelf: not what is struck off the books alone. What is decided,
-- or what a person keeps, is no candidate. No parameters. Reads decided. Read by space.py.
SELECT
    branch, CASE WHEN location IN ('closed', 'office') THEN location ELSE 'open' END AS place,
    count(*) FILTER (road <> 'readmitted' AND road NOT IN ('to_strike', 'struck')) AS decided,
    count(*) FILTER (verdict = 'candidate' AND route <> 'record_only' AND free) AS candidates,
    count(*) FILTER (verdict = 'move' AND free) AS moves
FROM (
    SELECT judged.*, road, (road IS NULL OR road = 'readmitted') AND tag IS DISTINCT FROM 'keep' AS free
    FROM judged LEFT JOIN decided ON decided.item_no = judged.item_no
)
GROUP BY ALL
