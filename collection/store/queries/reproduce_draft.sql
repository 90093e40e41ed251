-- What a list was drafted from. Parameter: list_no. Read by reproduce.py. SQLite.
SELECT seq, details FROM event WHERE aspect = 'list' AND subject = $list_no AND kind = 'draft' ORDER BY seq LIMIT 1
