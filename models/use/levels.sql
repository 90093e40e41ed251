-- How much does each branch lend in the months after a cutoff, for what it lent in the twelve months before? One row a branch
-- that lent anything before; 1 = as much in twelve months. What a branch lends as a whole is not foreseen, only how it falls on
-- its items: a model learns from loans brought to the level of the year before, and takes it that this level stays.
-- Parameters: $cutoff (year * 12 + month - 1), $months. Read by models/use/rows.py.
SELECT branch,
    greatest(sum(loans) FILTER (month > $cutoff) / sum(loans) FILTER (month <= $cutoff), 0.1)::DOUBLE AS level
FROM facts_of_day.loan JOIN facts_of_day.item USING (item_no)
WHERE month BETWEEN $cutoff - 11 AND $cutoff + $months
GROUP BY branch
HAVING sum(loans) FILTER (month <= $cutoff) > 0 AND sum(loans) FILTER (month > $cutoff) > 0
ORDER BY branch
