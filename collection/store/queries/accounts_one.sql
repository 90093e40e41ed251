-- One account. Parameter: id. Read by accounts.person and before every change.
SELECT * FROM account WHERE id = $id
