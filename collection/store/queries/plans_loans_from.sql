-- From which month (since year 0) on are loans known? NULL when none are. No parameters. Read by plans/counting.py.
SELECT loans_from FROM facts_of_day.meta
