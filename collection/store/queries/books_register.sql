-- 除籍簿, one row a road, the newest first: what the book was (from the evidence of its approval), why, by whom, where to.
-- Parameters: as books_chosen.sql, and rows (-1 = all) and skip. Filled in by books.py: chosen, the query of that name. SQLite.
WITH page AS (
    SELECT * FROM ({chosen})
    ORDER BY ended_on IS NULL DESC, ended_on DESC, decided_on DESC, item_id DESC
    LIMIT $rows OFFSET $skip
)
SELECT
    page.ended_on, page.item_id,
    json_extract(told, '$.title') AS title, json_extract(told, '$.volume') AS volume, json_extract(told, '$.author') AS author,
    json_extract(told, '$.publisher') AS publisher, json_extract(told, '$.pub_year') AS pub_year,
    json_extract(told, '$.ndc') AS ndc, json_extract(told, '$.call_number') AS call_number,
    json_extract(told, '$.branch') AS branch, json_extract(told, '$.price') AS price,
    json_extract(told, '$.accession_date') AS accession_date,
    page.clause, json_extract(told, '$.article') AS article, json_extract(told, '$.reason') AS reason, page.decided_because,
    page.list_no, page.decided_on, page.decided_by, page.decided_role, page.road, coalesce(page."end", 'pending') AS "end", page.now,
    page.to_whom, page.back_on
FROM page LEFT JOIN evidence ON evidence.hash = page.evidence
ORDER BY page.ended_on IS NULL DESC, page.ended_on DESC, page.decided_on DESC, page.item_id DESC
