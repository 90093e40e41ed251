-- A new account, or one that was disabled made anew. Parameters as named. Run by accounts.add.
INSERT INTO account (id, name, roles, branch, partner, password, email, demo, disabled, failures)
VALUES ($id, $name, $roles, $branch, $partner, $password, $email, $demo, 0, 0)
ON CONFLICT (id) DO UPDATE SET
    name = excluded.name, roles = excluded.roles, branch = excluded.branch, partner = excluded.partner,
    password = excluded.password, email = excluded.email, demo = excluded.demo,
    disabled = 0, failures = 0, locked_until = NULL
