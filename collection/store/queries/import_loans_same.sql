-- Which months does the file tell exactly as they were, and in how many rows? Told from the number of rows and the sum of
-- their hashes. $in_house: the file has that column. Reads arriving, prior. Run by imports.loans.
SELECT month, rows
FROM (
    SELECT month, count(*) AS rows, sum(hash(item_no, loans, if($in_house, in_house, NULL))::HUGEINT) AS told
    FROM arriving
    GROUP BY month
)
JOIN (
    SELECT month, count(*) AS rows, sum(hash(item_no, loans, if($in_house, in_house, NULL))::HUGEINT) AS told
    FROM prior
    GROUP BY month
) USING (month, rows, told)
