-- What is known of each title of an offer, as rules may ask it? No parameters. Reads title_fact. Read by gifts/condition.py.
SELECT * FROM title_fact
