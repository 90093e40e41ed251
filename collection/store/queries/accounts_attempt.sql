-- One more password is about to be tried: counted before it is looked at, so that many at once count too.
-- No row when the account is unknown or locked now. Parameters: id, now, most, until. Run by accounts.check_password.
UPDATE account SET
    failures = iif(locked_until IS NULL, failures, 0) + 1,
    locked_until = iif(iif(locked_until IS NULL, failures, 0) + 1 >= $most, $until, NULL)
WHERE id = $id AND (locked_until IS NULL OR locked_until <= $now) AND password IS NOT NULL AND NOT disabled
RETURNING *
