-- The account signs nobody in any more; nothing that could be used again is kept. Parameter: id. Run by accounts.disable.
UPDATE account SET disabled = 1, password = NULL, email = NULL WHERE id = $id
