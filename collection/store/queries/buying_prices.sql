-- The price of every accepted request that is open, with what tells its class and the day it was taken.
-- Read by buying/budget.py, from the ledger.
SELECT
    event.subject AS no, (SELECT min(on_day) FROM event AS first WHERE first.aspect = 'request' AND first.subject = event.subject) AS on_day,
    json_extract(event.details, '$.price') AS price, json_extract(event.details, '$.ndc') AS ndc,
    json_extract(event.details, '$.audience') AS audience
FROM present AS event
WHERE event.aspect = 'request' AND event.state = 'accepted'
