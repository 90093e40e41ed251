-- How many records did an earlier index hold, and which blocks? No parameters. Reads earlier.record. Read by grown.py.
SELECT count(*) AS records, list_sort(list(DISTINCT block) FILTER (WHERE block IS NOT NULL)) AS blocks FROM earlier.record
