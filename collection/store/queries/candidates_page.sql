-- One page of the filtered list in the order asked for, or the whole list when rows is NULL.
-- Filled in by candidates.py: scope, candidates_filter; told, the view of that name; reason and article by rule;
-- foreseen, the forecast that it sorts by, or an empty one.
-- Parameters: those of candidates_filter; sort (score, score_high, shelf, idle, oldest, newest,
-- forecast); rows and skip. Reads forecast.
-- Read by: the table, print view and downloads of 除籍候補.
WITH scope AS (
{scope}
),
page AS MATERIALIZED (
    SELECT
        scope.item_no AS page_item_no,
        shelf_order AS page_shelf_order,
        CASE $sort
            WHEN 'score' THEN score
            WHEN 'score_high' THEN -score
            WHEN 'idle' THEN -idle_years
            WHEN 'oldest' THEN pub_year
            WHEN 'newest' THEN -pub_year
            WHEN 'forecast' THEN forecast.loans_12
            ELSE shelf_order
        END AS page_key
    FROM scope
    LEFT JOIN {foreseen} AS forecast ON forecast.item_no = scope.item_no
    ORDER BY page_key NULLS LAST, shelf_order
    LIMIT $rows OFFSET $skip
),
shown AS MATERIALIZED (  -- list_no: the list of the committee it stands on now
    SELECT
        page.*, forecast.loans_12 AS forecast, forecast.low_12, forecast.high_12, tag, tag_name, tag_person, tag_seq,
        CASE WHEN road <> 'readmitted' THEN road END AS road,
        CASE WHEN entry IS NOT NULL AND list_state <> 'decided' THEN list_no END AS list_no
    FROM page
    LEFT JOIN decided ON decided.item_no = page_item_no
    LEFT JOIN forecast ON forecast.item_no = page_item_no
),
told AS (
{told}
)
SELECT
    item_id, bib_id, branch, location, call_number, title, volume, author, publisher, pub_year, ndc, audience, material,
    verdict, criterion, criteria, route, survivor_item_id, survivor_branch, survivor_kind, survivor_copies,
    protected_by, advice, score, score_use, score_freshness, score_scarcity, score_priority,
    tag, tag_name, tag_person, tag_seq, road, list_no,
    last_use, idle_years, years_published, years_since_issue, years_overdue, years_since_missing, superseded, surplus,
    local_clue, condition, rule, forecast, low_12, high_12,
    {reason} AS reason,
    {article} AS article
FROM shown
JOIN told ON told.item_no = page_item_no
ORDER BY page_key NULLS LAST, page_shelf_order
