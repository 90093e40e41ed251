-- How many events there are, and how many numbers are missing among them. No parameters. SQLite. Read by doctor.
SELECT count(*) AS events, coalesce(max(seq), 0) - count(*) AS missing FROM event
