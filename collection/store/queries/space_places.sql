-- How many held items has each branch on its open shelves, in its closed stacks and in its offices, and how many of them
-- do not stand there now? A place of the library's own, or none on record, counts as open shelves; an item whose status
-- is not on record counts as standing. out: on loan, kept for a reader, on its way, under repair, missing, or judged
-- unrecoverable; lost: of these the last two, which will not come back. places: the codes of location, 'none' for blank.
-- No parameters. Read by space.py.
WITH held AS (SELECT branch, location, count(*) AS holdings FROM judged GROUP BY ALL),
elsewhere AS (
    SELECT branch, location, count(*) AS out, count(*) FILTER (status = 'missing' OR unrecoverable) AS lost
    FROM facts_of_day.item
    WHERE gone_on IS NULL AND status IS DISTINCT FROM 'withdrawn'  -- held, as judged has it
        AND (status IN ('on_loan', 'on_hold_shelf', 'in_transit', 'in_repair', 'missing') OR unrecoverable)
    GROUP BY ALL
)
SELECT
    held.branch, CASE WHEN held.location IN ('closed', 'office') THEN held.location ELSE 'open' END AS place,
    sum(holdings)::BIGINT AS holdings, coalesce(sum(out), 0)::BIGINT AS out, coalesce(sum(lost), 0)::BIGINT AS lost,
    list(coalesce(held.location, 'none') ORDER BY holdings DESC) AS places
FROM held
LEFT JOIN elsewhere ON elsewhere.branch = held.branch AND elsewhere.location IS NOT DISTINCT FROM held.location
GROUP BY ALL
