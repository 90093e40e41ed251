-- A person signs in; a sign-in that is known, even if it has ended, stays as it is.
-- Parameters: token (its sha256), account, begun, now. Run by accounts.open_session and accounts.resume.
INSERT INTO session (token, account, begun, last_seen) VALUES ($token, $account, $begun, $now)
ON CONFLICT (token) DO NOTHING
