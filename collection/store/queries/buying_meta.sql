-- Of which day are the facts, and up to which month do the loans go? No parameters. Read by buying/wanted.py and budget.py.
SELECT as_of, loans_to FROM facts_of_day.meta
