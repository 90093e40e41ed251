-- How often was the item lent in each fiscal year (April to March) with figures, and used in the house?
-- Parameters: item_no. Read by: the chart of the 資料カード. Years without a loan are there with 0.
SELECT
    years.fiscal_year,
    coalesce(sum(loan.loans), 0)::INTEGER AS loans,
    sum(loan.in_house)::INTEGER AS in_house
FROM (
    SELECT unnest(range((loans_from - 3) // 12, (loans_to - 3) // 12 + 1)) AS fiscal_year FROM facts_of_day.meta
) AS years
LEFT JOIN (
    SELECT (month - 3) // 12 AS fiscal_year, loans, in_house FROM facts_of_day.loan WHERE item_no = $item_no
) AS loan ON loan.fiscal_year = years.fiscal_year
GROUP BY years.fiscal_year
ORDER BY years.fiscal_year
