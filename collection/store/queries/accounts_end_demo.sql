-- The sessions of sample persons end. Run when the app is started for other machines too.
UPDATE session SET last_seen = 0 WHERE account IN (SELECT id FROM account WHERE demo)
