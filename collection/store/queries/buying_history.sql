-- What was done with a line, the oldest first. Parameter: no. Read by buying/kept.py, from the ledger.
SELECT seq, at, on_day, name, kind, state, reason
FROM event
WHERE aspect = 'purchase' AND subject = $no
ORDER BY seq
