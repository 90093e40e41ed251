-- When was each item first tagged for withdrawal or put on a list? SQLite. Read by models/anomalies/train.py.
SELECT subject AS item_id, min(on_day) AS on_day
FROM event
WHERE (aspect = 'tag' AND kind = 'tag' AND state = 'withdraw') OR (aspect = 'entry' AND kind = 'enter')
GROUP BY subject
