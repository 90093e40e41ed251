-- Which titles of a list are lacking at which branches with children's books? One row a title and branch without a usable copy
-- of a record that the list names, or of the same work in another edition. A row of the list names a record as facts_lists does.
-- Filled in by duplicates.py: leaving, duplicates_leaving. Parameters: row, title_key, author and isbn (lists of one length, an
-- entry a title), location (the places where a copy counts; NULL: any). copies_at: the copies by branch.
WITH leaving AS (
{leaving}
),
list_row AS (
    SELECT
        unnest($row) AS row, unnest($title_key::VARCHAR[]) AS title_key, unnest($author::VARCHAR[]) AS author,
        unnest($isbn::VARCHAR[]) AS isbn
),
alike AS (
    SELECT list_row.row, bib.bib_no, bib.work_no, list_row.author, bib.author AS authors
    FROM list_row JOIN facts_of_day.bib AS bib USING (isbn)
    WHERE list_row.title_key IS NULL OR list_row.title_key = bib.title_key
    UNION ALL
    SELECT list_row.row, bib.bib_no, bib.work_no, list_row.author, bib.author
    FROM list_row JOIN facts_of_day.bib AS bib USING (title_key)
    WHERE list_row.isbn IS NULL
),
named AS (
    SELECT row, bib_no, work_no FROM alike WHERE author IS NULL OR contains(translate(authors, ' 　,，・', ''), author)
),
kin AS (
    SELECT DISTINCT named.row, bib.bib_no FROM named JOIN facts_of_day.bib AS bib USING (work_no)
),
held AS (
    SELECT kin.row, judged.branch, count(*) AS copies, min(judged.item_no) AS item_no
    FROM judged JOIN kin USING (bib_no)
    WHERE usable AND item_no NOT IN (SELECT item_no FROM leaving)
        AND ($location IS NULL OR list_contains($location, coalesce(location, '')))
    GROUP BY kin.row, judged.branch
),
title AS (
    SELECT list_row.row, min(named.bib_no) AS bib_no
    FROM list_row LEFT JOIN named USING (row)
    GROUP BY list_row.row
),
held_title AS (
    SELECT
        row, sum(copies)::BIGINT AS copies, min(item_no) AS item_no,
        string_agg(branch || ' ' || copies, ';' ORDER BY copies DESC, branch) AS copies_at
    FROM held
    GROUP BY row
),
children AS (
    SELECT DISTINCT branch FROM judged WHERE audience = 'child' AND usable
)
SELECT
    title.row, children.branch, bib.bib_id, item.item_id, item.call_number,
    CASE WHEN bib.audience = 'child' THEN 'K' WHEN bib.bib_no IS NOT NULL THEN coalesce(bib.ndc[1], '-') END AS shelf_class,
    bib.audience, bib.material, left(bib.ndc, 3) AS ndc, coalesce(held_title.copies, 0) AS copies, copies_at
FROM title
CROSS JOIN children
ANTI JOIN held ON held.row = title.row AND held.branch = children.branch
LEFT JOIN held_title ON held_title.row = title.row
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = title.bib_no
LEFT JOIN facts_of_day.item AS item ON item.item_no = held_title.item_no
ORDER BY title.row, children.branch
