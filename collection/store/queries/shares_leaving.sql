-- How many items of each class at each branch are on their way out: approved, on an open list, tagged for withdrawal?
-- Each item counts once, as the furthest it has come. As decisions.leaving tells it.
-- Parameters: digits (0: by shelf class; 1–3: by so many digits of the NDC, '-' where there is none), and those of
-- measures_scope, which shares.py fills in. Reads decided. Read by shares.py.
SELECT
    branch,
    CASE WHEN $digits = 0 THEN shelf_class ELSE coalesce(left(ndc, $digits), '-') END AS mark,
    count(*) FILTER (stage = 'approved') AS approved,
    count(*) FILTER (stage = 'listed') AS listed,
    count(*) FILTER (stage = 'tagged') AS tagged
FROM (
    SELECT
        item_no,
        CASE
            WHEN road IS NOT NULL AND road <> 'readmitted' THEN 'approved'
            WHEN entry IN ('entered', 'withdraw') AND list_state <> 'decided' THEN 'listed'
            WHEN tag = 'withdraw' THEN 'tagged'
        END AS stage
    FROM decided
)
JOIN ({scope}) USING (item_no)
WHERE stage IS NOT NULL
GROUP BY ALL
