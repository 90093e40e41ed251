-- What stands in an earlier index of the pairs of titles that say the same as then? Under today's numbers; lost: the other
-- is gone or says something else. No parameters. Reads changed, earlier.neighbour, earlier.unsure. Read by the others here.
CREATE TEMP TABLE kept AS
SELECT one.now AS bib_no, other.now AS other_no, score, shared_words, class, other.now IS NULL AS lost
FROM (FROM earlier.neighbour UNION ALL BY NAME FROM earlier.unsure) AS near
JOIN changed AS one ON one.before = near.bib_no AND one.same
LEFT JOIN changed AS other ON other.before = near.other_no AND other.same
