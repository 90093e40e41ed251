-- How often was each item lent in the months after a cutoff? One row an item that was. Only for what a model learns from and
-- is tried on. Parameters: $cutoff (year * 12 + month - 1), $months. Read by models/use/rows.py.
SELECT item_no, sum(loans)::INTEGER AS loans
FROM facts_of_day.loan
WHERE month BETWEEN $cutoff + 1 AND $cutoff + $months
GROUP BY item_no
HAVING sum(loans) > 0
