-- Of which titles does a usable copy stand for readers that was not lent in the last twelve months, or is more than use asks
-- for, while the title was lent? One row a unit. Only these are foreseen at every branch: of a title that nobody borrowed
-- anywhere, nothing speaks for another branch. No parameters. Read by train.py.
CREATE TEMP TABLE little_used AS
SELECT unit_no
FROM flags.judged
WHERE unit_no IS NOT NULL AND usable AND circulates AND coalesce(location, '') <> 'closed'
GROUP BY unit_no
HAVING bool_or(loans_1y = 0 OR surplus) AND sum(loans_1y) > 0
