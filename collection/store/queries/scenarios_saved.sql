-- The scenarios that are saved for a pack, newest first. Parameter: policy (its name). Read by scenarios.py. SQLite.
SELECT * FROM present WHERE aspect = 'scenario' AND json_extract(details, '$.policy') = $policy ORDER BY seq DESC
