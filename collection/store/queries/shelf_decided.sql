-- Which held items carry a tag, or stand on a list?
-- Parameters: tag and list_no, of which one is NULL; branch (NULL: every branch). Needs the table decided.
-- Read by the pull list of 書架モード.
SELECT item.item_id
FROM decided
JOIN facts_of_day.item AS item ON item.item_no = decided.item_no
WHERE (decided.tag = $tag OR (decided.list_no = $list_no AND decided.entry IS NOT NULL))
    AND ($branch IS NULL OR item.branch = $branch)
    AND item.gone_on IS NULL
ORDER BY item.shelf_order
