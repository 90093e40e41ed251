-- One event by its number. Parameter: seq. Read by ledger.undo.
SELECT * FROM event WHERE seq = $seq
