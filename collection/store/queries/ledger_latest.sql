-- The latest event of each chain asked for, also where its state has ended.
-- Parameter: asked, a JSON list of [aspect, subject]. Read by ledger.append and whoever shows what it saw.
SELECT event.*
FROM json_each($asked) AS asked
JOIN event ON event.seq = (
    SELECT max(seq) FROM event
    WHERE aspect = json_extract(asked.value, '$[0]') AND subject = json_extract(asked.value, '$[1]')
)
