-- How many records were listed, and of which month are the facts? Read by train.py.
SELECT (SELECT count(*) FROM local_title) AS listed, strftime(as_of, '%Y-%m') AS month FROM facts_of_day.meta
