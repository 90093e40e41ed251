-- Which events does the audit show? Parameters: first and last (ISO days, of writing), person (account), role, kind, list_no, item_id;
-- NULL lets everything through. Read by books.py as part of other queries. SQLite.
SELECT * FROM event
WHERE ($first IS NULL OR substr(at, 1, 10) >= $first) AND ($last IS NULL OR substr(at, 1, 10) <= $last)
    AND ($person IS NULL OR person = $person) AND ($role IS NULL OR role = $role) AND ($kind IS NULL OR kind = $kind)
    AND ($list_no IS NULL OR list_no = $list_no OR (aspect = 'list' AND subject = $list_no))
    AND ($item_id IS NULL OR item_id = $item_id)
