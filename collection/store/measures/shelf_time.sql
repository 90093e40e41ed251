-- Slote: within how many months of idleness before a loan do $cover per cent of the loans of the last twelve months fall?
-- Filled in by measures.py: the groups. Reads the scope it puts before this.
SELECT {by}, min(months) FILTER (covered * 100 >= $cover * lent) AS value
FROM (
    SELECT
        {by}, months,
        sum(sum(loans)) OVER (PARTITION BY {by} ORDER BY months) AS covered,
        sum(sum(loans)) OVER (PARTITION BY {by}) AS lent
    FROM shelf
    GROUP BY {by}, months
)
GROUP BY {by}
