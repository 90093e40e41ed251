-- The ids of all plans there ever were. No parameters. Runs on the ledger. Read by plans/keeping.py.
SELECT DISTINCT subject FROM event WHERE aspect = 'plan'
