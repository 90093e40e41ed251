-- Which hash stands for the person of each open request? No parameters. Read by requests/tokens.py. SQLite.
SELECT number, hash FROM token
