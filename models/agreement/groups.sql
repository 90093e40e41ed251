-- How many of the decided items of each group were kept, and of the others under the same criterion?
-- A group: a criterion and one value of kind (class, branch, kind of material, kind of what stays, band of idle years or of
-- years since publication). Parameters: idle, published, lower ends of the bands. Reads feature. Read by models/agreement/parting.py.
WITH valued AS (
    SELECT criterion, kept, unnest([
        {'kind': 'shelf_class', 'value': shelf_class},
        {'kind': 'branch', 'value': branch},
        {'kind': 'material', 'value': material},
        {'kind': 'survivor_kind', 'value': survivor_kind},
        {'kind': 'idle_years', 'value': list_last(list_filter($idle, lambda low: low <= idle_years))::VARCHAR},
        {'kind': 'years_published', 'value': list_last(list_filter($published, lambda low: low <= years_published))::VARCHAR}
    ], recursive := true)
    FROM feature
),
grouped AS (
    SELECT kind, criterion, value, count(*) AS decisions, count_if(kept)::BIGINT AS kept
    FROM valued
    WHERE value IS NOT NULL
    GROUP BY kind, criterion, value
)
SELECT
    *,
    (sum(decisions) OVER same - decisions)::BIGINT AS rest_decisions,
    (sum(kept) OVER same - kept)::BIGINT AS rest_kept
FROM grouped
WINDOW same AS (PARTITION BY kind, criterion)
ORDER BY kind, criterion, value
