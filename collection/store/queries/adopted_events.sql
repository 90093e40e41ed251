-- Every decision on the operating values of a pack, oldest first. Parameter: policy (its name). Read by adopted.py. SQLite.
SELECT * FROM event WHERE aspect = 'values' AND subject = $policy ORDER BY seq
