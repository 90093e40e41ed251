-- 図書受入・除籍状況 by branch and kind. What goes from one branch to another is counted for items that were on the books
-- when the year began and are on those of another branch at its end, or were withdrawn by it.
-- No parameters. Reads of_year (report_of_year.sql). Read by report.py.
WITH counted AS (
    SELECT start_branch AS branch, start_kind AS kind, 'holdings_start' AS name, 1 AS items FROM of_year WHERE start_branch IS NOT NULL
    UNION ALL SELECT end_branch, end_kind, 'holdings_end', 1 FROM of_year WHERE end_branch IS NOT NULL
    UNION ALL SELECT branch, kind, 'purchased', 1 FROM of_year WHERE received AND source = 'purchase'
    UNION ALL SELECT branch, kind, 'donated', 1 FROM of_year WHERE received AND source = 'gift'
    UNION ALL SELECT branch, kind, 'reaccessioned', readmitted + (received AND coalesce(source = 'reaccession', false))::INT FROM of_year
        WHERE readmitted > 0 OR (received AND source = 'reaccession')
    UNION ALL SELECT branch, kind, 'discarded', discarded FROM of_year WHERE discarded > 0
    UNION ALL SELECT branch, kind, 'given', given FROM of_year WHERE given > 0
    UNION ALL SELECT branch, kind, 'transferred', transferred FROM of_year WHERE transferred > 0
    UNION ALL SELECT start_branch, kind, 'branch_moves_net', -1 FROM of_year WHERE start_branch <> branch
    UNION ALL SELECT branch, kind, 'branch_moves_net', 1 FROM of_year WHERE start_branch <> branch
)
SELECT branch, kind, name, sum(items)::BIGINT AS items FROM counted GROUP BY branch, kind, name
