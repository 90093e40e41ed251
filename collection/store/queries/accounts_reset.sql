-- Another password, and the lock taken off. Parameters: id, password. Run by accounts.reset.
UPDATE account SET password = $password, failures = 0, locked_until = NULL WHERE id = $id
