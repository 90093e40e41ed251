-- Of what can flags tell over time? The day of their snapshot and the day they count to, the first and last month with loan
-- figures, and the days on which items were imported so far. No parameters. Reads facts_of_day. Read by trends.py.
SELECT
    meta.as_of, judging.as_of AS judged_on, loans_from, loans_to,
    (SELECT list(DISTINCT as_of ORDER BY as_of) FROM facts_of_day.import_file WHERE contains(kind, 'items')) AS counted_on
FROM judging, facts_of_day.meta
