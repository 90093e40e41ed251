-- Every budget that was set for a fiscal year, the newest first. Parameter: year, text. Read by buying/budget.py, from the
-- ledger.
SELECT seq, at, name, reason, details
FROM event
WHERE aspect = 'budget' AND subject = $year
ORDER BY seq DESC
