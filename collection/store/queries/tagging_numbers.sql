-- The items that a filter lets through, with the tag each carries now. Filled in by tagging.py: scope, candidates_filter or
-- tagging_items, with its parameters. Reads decided. Read by tagging.carried.
SELECT item.item_id, decided.tag, decided.tag_person, decided.tag_name, coalesce(decided.tag_seq, 0) AS tag_seq
FROM (
{scope}
) AS scope
JOIN facts_of_day.item AS item ON item.item_no = scope.item_no
LEFT JOIN decided ON decided.item_no = scope.item_no
ORDER BY scope.shelf_order
