-- The rows of `export candidates` (INTERCHANGE) in shelf order: every held item that a criterion, a protection or an
-- unknown touched, or the items of one list. Filled in by export.py: told, the view of that name; reason and article by
-- rule; which, the condition. Parameter: items, where which names it.
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
WHERE {which}
ORDER BY shelf_order
