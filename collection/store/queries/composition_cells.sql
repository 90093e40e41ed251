-- How many items of a scope stand in each class at each branch, and how often were they lent in the last twelve months?
-- Parameters: digits (0: by shelf class; 1–3: by so many digits of the NDC, '-' where there is none), and those of
-- measures_scope, which composition.py fills in. Read by composition.py.
SELECT
    branch,
    CASE WHEN $digits = 0 THEN shelf_class ELSE coalesce(left(ndc, $digits), '-') END AS mark,
    count(*) AS items,
    coalesce(sum(loans_1y), 0)::BIGINT AS loans
FROM ({scope})
GROUP BY ALL
