-- All sessions of an account end. Parameter: id. Run when an account changes.
UPDATE session SET last_seen = 0 WHERE account = $id
