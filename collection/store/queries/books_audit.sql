-- The events of the audit, the newest first, each with the title of its item. Parameters: as books_audited.sql, and rows
-- (-1 = all) and skip. Filled in by books.py: audited, the query of that name. SQLite.
WITH page AS (
    SELECT * FROM ({audited}) ORDER BY seq DESC LIMIT $rows OFFSET $skip
)
SELECT
    page.seq, page.at, page.on_day, page.person, page.name, page.role, page.aspect, page.kind, page.state, page.item_id,
    (
        SELECT json_extract(evidence.told, '$.title')
        FROM event JOIN evidence ON evidence.hash = event.evidence
        WHERE event.item_id = page.item_id ORDER BY event.seq DESC LIMIT 1
    ) AS title,
    page.subject, page.list_no, page.clause, page.reason, page.follows
FROM page ORDER BY page.seq DESC
