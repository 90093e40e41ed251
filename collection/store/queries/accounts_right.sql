-- The password was right: counting begins anew. Parameter: id. Run by accounts.check_password.
UPDATE account SET failures = 0, locked_until = NULL WHERE id = $id
