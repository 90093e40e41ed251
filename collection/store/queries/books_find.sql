-- Which items that somebody decided on are meant? By number, ISBN, or words of the title or author; the latest first.
-- Parameters: text, isbn (13 digits or NULL), rows. Read by books.find. SQLite.
WITH known AS (
    SELECT item_id, max(seq) AS seq FROM event WHERE item_id IS NOT NULL AND evidence IS NOT NULL GROUP BY item_id
)
SELECT
    known.item_id, json_extract(told, '$.title') AS title, json_extract(told, '$.volume') AS volume,
    json_extract(told, '$.author') AS author, json_extract(told, '$.publisher') AS publisher,
    json_extract(told, '$.pub_year') AS pub_year, json_extract(told, '$.branch') AS branch,
    json_extract(told, '$.call_number') AS call_number,
    (SELECT state FROM present WHERE aspect = 'road' AND subject = known.item_id) AS now
FROM known JOIN event USING (seq) JOIN evidence ON evidence.hash = event.evidence
WHERE known.item_id = $text OR json_extract(told, '$.isbn') = $isbn
    OR instr(lower(json_extract(told, '$.title') || ' ' || coalesce(json_extract(told, '$.author'), '')), lower($text)) > 0
ORDER BY known.item_id = $text DESC, known.seq DESC
LIMIT $rows
