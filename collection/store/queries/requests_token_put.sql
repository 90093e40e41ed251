-- Notes whose an open request is. Parameters: number, hash. Run by requests/tokens.py. SQLite.
INSERT INTO token (number, hash) VALUES ($number, $hash)
