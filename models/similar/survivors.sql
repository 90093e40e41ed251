-- How many items may go because a similar title stays? No parameters. Reads judged. Read by found.py.
SELECT count(*) FROM judged WHERE survivor_kind = 'similar' AND verdict = 'candidate'
