-- The newest tag that a person put on or took off and nobody has undone: its event, act and how many events the act has.
-- Parameter: person, an account. Runs on the ledger. Read by tagging.last_act. (+: from the
-- newest event backwards, not through an index.)
SELECT seq, json_extract(details, '$.act') AS act, coalesce(json_extract(details, '$.size'), 1) AS size
FROM event AS done
WHERE +aspect = 'tag' AND person = $person AND kind IN ('tag', 'untag')
    AND NOT EXISTS (
        SELECT 1 FROM event AS undone
        WHERE undone.aspect = 'tag' AND undone.subject = done.subject AND undone.seq > done.seq
            AND undone.kind = 'undo_tag' AND json_extract(undone.details, '$.undoes') = done.seq
    )
ORDER BY seq DESC
LIMIT 1
