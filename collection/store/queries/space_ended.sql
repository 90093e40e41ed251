-- How many roads of withdrawn items ended in each fiscal year, by branch and place (the ledger's own count)?
-- No parameters. Reads decided. Read by space.py.
SELECT
    branch, CASE WHEN location IN ('closed', 'office') THEN location ELSE 'open' END AS place,
    year(road_on::DATE - INTERVAL 3 MONTH)::SMALLINT AS fiscal_year, count(*) AS ended
FROM decided JOIN facts_of_day.item AS item ON item.item_no = decided.item_no
WHERE road IN ('transferred', 'given', 'discarded', 'struck')
GROUP BY ALL
