-- The items that were put on a list when it was drafted. Parameters: list_no, seq (of the draft), items (how many).
-- Read by reproduce.py. SQLite.
SELECT item_id FROM event
WHERE list_no = $list_no AND aspect = 'entry' AND kind = 'enter' AND seq > $seq
ORDER BY seq LIMIT $items
