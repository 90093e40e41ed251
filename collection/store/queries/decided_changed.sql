-- The latest event of every chain that belongs to an item and changed after `since`, up to `until`. What an undo restored
-- is told as it was first decided: by whom, when and why.
-- Parameters: since and until, numbers of events. Read by decisions.py.
SELECT latest.aspect, latest.subject AS item_id, latest.state, latest.seq,
    coalesce(first.at, latest.at) AS at, coalesce(first.on_day, latest.on_day) AS on_day,
    coalesce(first.person, latest.person) AS person, coalesce(first.name, latest.name) AS name,
    latest.list_no, latest.clause, coalesce(first.reason, latest.reason) AS reason, latest.details
FROM event AS latest
JOIN (
    SELECT max(seq) AS seq FROM event
    WHERE aspect IN ('tag', 'entry', 'road', 'shelf', 'named') AND seq > $since AND seq <= $until
    GROUP BY aspect, subject
) AS changed USING (seq)
LEFT JOIN event AS first
    ON latest.kind IN ('undo_tag', 'undo_shelf', 'undo_road') AND first.seq = json_extract(latest.details, '$.restores')
