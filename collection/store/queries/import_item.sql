-- The items of the new snapshot in the order of their keys, each with its place on the shelf: branch, location,
-- call number. In a call number a whole number counts as a number (ヤ2 before ヤ10) and what follows a point as
-- decimals (913.12 before 913.6, 913/ before both): whole numbers are filled up with zeros to eight digits, and every
-- number ends in a mark that sorts before digits and letters. No parameters. Reads now_items, bib. Run by imports.building.
CREATE TABLE item AS
WITH shelved AS (
    SELECT
        item_id, branch, location, call_number,
        regexp_replace(
            regexp_replace(
                upper(translate(call_number, '０１２３４５６７８９．／ 　', '0123456789./')),
                '([0-9]+)(\.([0-9]+))?', '00000000\1.\3!', 'g'
            ),
            '[0-9]*([0-9]{8})', '\1', 'g'
        ) AS place
    FROM now_items
),
numbered AS (
    SELECT
        item_id,
        row_number() OVER (ORDER BY item_id) - 1 AS item_no,
        row_number() OVER (ORDER BY branch, location, place, call_number, item_id) - 1 AS shelf_order
    FROM shelved
)
SELECT
    numbered.item_no::INTEGER AS item_no,
    bib.bib_no,
    now_items.* EXCLUDE (key),
    NULL::INTEGER AS work_no,
    NULL::INTEGER AS unit_no,
    numbered.shelf_order::INTEGER AS shelf_order
FROM now_items
JOIN numbered USING (item_id)
LEFT JOIN bib USING (bib_id)
ORDER BY item_no
