-- How did each person tag each item last, and what did the rules say of it then? SQLite. Read by models/anomalies/train.py.
SELECT
    event.person, event.subject AS item_id, event.state,
    coalesce(json_extract(evidence.told, '$.verdict'), 'none') || ' ' || coalesce(json_extract(evidence.told, '$.criterion'), '') AS stratum
FROM event
JOIN (
    SELECT max(seq) AS seq FROM event WHERE aspect = 'tag' AND kind = 'tag' GROUP BY person, subject
) AS latest USING (seq)
LEFT JOIN evidence ON evidence.hash = event.evidence
ORDER BY event.seq
