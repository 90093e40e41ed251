-- Everything known of one item: its copy, its record, what was measured, what follows and why, and the item that stays.
-- Filled in by card.py: told, the view of that name; reason by rule.
-- Parameters: item_no. Read by: the 資料カード. No row when the item is not held.
WITH told AS (
{told}
),
one AS (
    SELECT *, {reason} AS reason FROM told WHERE item_no = $item_no
)
SELECT
    one.*,
    place.location AS survivor_location, place.call_number AS survivor_call_number,
    stays.title AS survivor_title, stays.edition AS survivor_edition, stays.pub_year AS survivor_pub_year
FROM one
LEFT JOIN facts_of_day.item AS place ON place.item_no = one.survivor_item_no
LEFT JOIN facts_of_day.bib AS stays ON stays.bib_no = place.bib_no
