-- The items of a list in the form of `export candidates` (INTERCHANGE), in shelf order, also those that no rule touched.
-- Parameter: items, a list of item numbers. Filled in by reproduce.py: told, the view of that name; reason and
-- article by rule.
WITH told AS (
{told}
)
SELECT
    item_id, bib_id, branch, location, call_number, title, author, publisher, pub_year, ndc, audience, material,
    verdict, criterion, criteria, route, survivor_item_id, survivor_kind AS survivor_reason, protected_by, advice,
    round(score, 1) AS score,
    round(score_use, 1) AS score_use,
    round(score_freshness, 1) AS score_freshness,
    round(score_scarcity, 1) AS score_scarcity,
    round(score_priority, 1) AS score_priority,
    {reason} AS reason,
    {article} AS article
FROM told
WHERE item_id IN (SELECT unnest($items))
ORDER BY shelf_order
