-- Forgets whose requests are that have ended. Parameter: kept, a JSON list of the numbers that stay.
-- Run by requests/tokens.py. SQLite.
DELETE FROM token WHERE number NOT IN (SELECT value FROM json_each($kept))
