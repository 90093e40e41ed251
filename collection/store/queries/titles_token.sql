-- How many records hold each token, where it is more than one? No parameters. Run by selection/titles.py.
CREATE TABLE token AS
SELECT token, count(*)::INTEGER AS records FROM gram GROUP BY token HAVING count(*) > 1 ORDER BY token
