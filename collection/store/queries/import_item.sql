-- The items of the new snapshot in the order of their keys, each with its place on the shelf: branch, location,
-- call number. In a call number a whole number counts as a number (ヤ2 before ヤ10) and what follows a point as
-- decimals (913.12 before 913.6, 913/ before both): whole numbers are filled up with zeros to eight digits, and every
-- number ends in a mark that sorts before digits and letters. A space between two numbers parts them like /; twice, since a
-- digit may stand between two spaces; other spaces count for nothing. Places, far fewer than items, are put in order first.
-- Only what numbers are worked out from; import_publish_item adds the rest.
-- No parameters. Reads now_items, bib. Run by imports.building.
CREATE TABLE item AS
WITH places AS (
    SELECT
        branch, location, call_number,
        regexp_replace(
            regexp_replace(
                upper(replace(
                    regexp_replace(
                        regexp_replace(
                            translate(call_number, '０１２３４５６７８９．／　', '0123456789./ '),
                            '([0-9]) +([0-9])', '\1/\2', 'g'
                        ),
                        '([0-9]) +([0-9])', '\1/\2', 'g'
                    ),
                    ' ', ''
                )),
                '([0-9]+)(\.([0-9]+))?', '00000000\1.\3!', 'g'
            ),
            '[0-9]*([0-9]{8})', '\1', 'g'
        ) AS spelled
    FROM (SELECT DISTINCT branch, location, call_number FROM now_items)
),
shelved AS (
    SELECT
        branch, location, call_number,
        row_number() OVER (ORDER BY branch, location, spelled, call_number) AS place
    FROM places
),
numbered AS (
    SELECT
        item_id, bib_id, branch, location, call_number, issue_date,
        row_number() OVER (ORDER BY item_id) - 1 AS item_no
    FROM now_items
)
SELECT
    n.item_no::INTEGER AS item_no,
    bib.bib_no,
    n.item_id, n.call_number, n.issue_date,
    NULL::INTEGER AS work_no,
    NULL::INTEGER AS unit_no,
    (row_number() OVER (ORDER BY shelved.place, n.item_no) - 1)::INTEGER AS shelf_order
FROM numbered AS n
JOIN shelved ON n.branch IS NOT DISTINCT FROM shelved.branch
    AND n.location IS NOT DISTINCT FROM shelved.location
    AND n.call_number IS NOT DISTINCT FROM shelved.call_number
LEFT JOIN bib USING (bib_id)
