-- The session was used. Parameters: token (its sha256), now. Run by accounts.person_of, once a minute at most.
UPDATE session SET last_seen = $now WHERE token = $token
