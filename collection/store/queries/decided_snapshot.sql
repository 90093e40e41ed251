-- Which snapshot are row numbers of? Read by decisions.py.
SELECT as_of || content_hash FROM facts_of_day.meta
