-- From which day are there loan figures? NULL when there are none. No parameters. Read by facts.py.
SELECT make_date(loans_from // 12, loans_from % 12 + 1, 1) FROM meta
