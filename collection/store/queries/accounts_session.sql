-- Whose session this is, if it still holds.
-- Parameters: token (its sha256), seen_since, begun_since. Read by accounts.person_of at every run of a screen.
SELECT account.*, session.last_seen
FROM session JOIN account ON account.id = session.account
WHERE session.token = $token AND session.last_seen > $seen_since AND session.begun > $begun_since AND NOT account.disabled
