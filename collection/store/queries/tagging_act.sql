-- The items of one act that nobody has undone: what was done, the latest event of each chain, and whether the act's step
-- still stands there. An act is written at once, so its events lie within `size` of any of them.
-- Parameters: seq, an event of the act; act; size. Runs on the ledger. Read by tagging.last_act and undo_last.
SELECT
    done.kind AS done, done.state AS done_state, latest.*,
    latest.seq = done.seq
        OR (latest.kind = 'undo_tag' AND json_extract(latest.details, '$.restores') = done.seq) AS stands
FROM event AS done
JOIN event AS latest
    ON latest.seq = (SELECT max(seq) FROM event WHERE aspect = 'tag' AND subject = done.subject)
WHERE done.seq BETWEEN $seq - $size AND $seq + $size
    AND +done.aspect = 'tag' AND done.kind IN ('tag', 'untag')
    AND (done.seq = $seq OR json_extract(done.details, '$.act') = $act)
    AND NOT EXISTS (
        SELECT 1 FROM event AS undone
        WHERE undone.aspect = 'tag' AND undone.subject = done.subject AND undone.seq > done.seq
            AND undone.kind = 'undo_tag' AND json_extract(undone.details, '$.undoes') = done.seq
    )
ORDER BY done.seq
