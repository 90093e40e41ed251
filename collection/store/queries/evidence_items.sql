-- What is known of each item asked for, as one JSON object, the same bytes for the same facts.
-- Filled in by evidence.py: told, the view of that name; reason and article by rule.
-- Parameters: numbers (row numbers of items), first and last of them, which tell the planner how few they are.
-- Reads judging. Read by evidence.py.
WITH told AS (
{told}
),
asked AS (
    SELECT told.* FROM told WHERE item_no BETWEEN $first AND $last AND item_no IN (SELECT unnest($numbers))
)
SELECT
    asked.item_id,
    asked.item_no,
    asked.criterion,
    asked.route,
    asked.verdict,
    json_object(
        'item_id', asked.item_id, 'bib_id', asked.bib_id, 'title', asked.title, 'volume', asked.volume, 'author', asked.author,
        'publisher', asked.publisher, 'pub_year', asked.pub_year, 'edition', asked.edition, 'isbn', asked.isbn,
        'ndc', asked.ndc, 'audience', asked.audience, 'material', asked.material, 'branch', asked.branch,
        'location', asked.location, 'call_number', asked.call_number, 'accession_date', asked.accession_date,
        'source', asked.source, 'price', asked.item_price, 'status', asked.status, 'condition', asked.condition,
        'local', asked.local, 'last_use', asked.last_use, 'idle_years', asked.idle_years, 'loans_3y', asked.loans_3y,
        'loans_total', asked.loans_total, 'holds', asked.holds, 'copies', asked.copies, 'verdict', asked.verdict, 'criterion', asked.criterion,
        'criteria', asked.criteria, 'rule', asked.rule, 'route', asked.route, 'protected_by', asked.protected_by,
        'survivor_item_id', asked.survivor_item_id, 'survivor_branch', asked.survivor_branch,
        'survivor_kind', asked.survivor_kind, 'score', round(asked.score, 1),
        'reason', {reason}, 'article', {article},
        'policy', judging.policy, 'policy_hash', judging.policy_hash, 'as_of', judging.as_of, 'snapshot', judging.snapshot
    )::VARCHAR AS told
FROM asked CROSS JOIN judging
ORDER BY asked.item_no
