-- Every account, in the order of their numbers. Read by accounts.all.
SELECT * FROM account ORDER BY id
