-- Which items of a filter would go on a new list, and which not, in the order of class and shelf?
-- Filled in by committee.py: scope, candidates_filter, with its parameters.
-- Parameters: tagged (true: only what carries 除籍; false: what the filter lets through), person (an account: only whose
--   tag is that person's; NULL: anybody's). Reads decided. Read by committee.choose.
-- left_out: road (a withdrawal is approved), list (on a list that is not approved yet), tag (somebody decided otherwise),
-- named (locked in a named collection).
WITH scope AS (
{scope}
)
SELECT
    item.item_id, scope.shelf_class, scope.branch, scope.criterion, decided.tag,
    coalesce(decided.tag_clause, scope.criterion) AS clause, decided.entry, decided.road, decided.list_no,
    CASE
        WHEN decided.road IS NOT NULL AND decided.road <> 'readmitted' THEN 'road'
        WHEN decided.entry IS NOT NULL AND decided.list_state IS NOT NULL AND decided.list_state <> 'decided' THEN 'list'
        WHEN decided.tag IS NOT NULL AND decided.tag <> 'withdraw' THEN 'tag'
        WHEN decided.named IS NOT NULL THEN 'named'
    END AS left_out
FROM scope
JOIN facts_of_day.item AS item ON item.item_no = scope.item_no
LEFT JOIN decided ON decided.item_no = scope.item_no
WHERE NOT $tagged OR (decided.tag = 'withdraw' AND ($person IS NULL OR decided.tag_person = $person))
ORDER BY scope.shelf_class, scope.shelf_order
