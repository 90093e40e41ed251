-- Every name and account under which somebody decided. No parameters. Read by disclosure.py. SQLite.
SELECT name FROM event WHERE role <> 'system' UNION SELECT person FROM event WHERE role <> 'system'
