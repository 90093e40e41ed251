-- A session ends. Parameter: token (its sha256). Run by accounts.close_session.
UPDATE session SET last_seen = 0 WHERE token = $token
