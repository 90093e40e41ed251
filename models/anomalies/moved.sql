-- Whose last loan moved to another day since the earlier snapshot (schema before) without a loan in the figures of that
-- month? Only days in months that have figures. Reads facts_of_day and before. Read by models/anomalies/train.py.
SELECT item.item_no, item.branch, item.last_loan_date AS day
FROM facts_of_day.item AS item
JOIN before.item AS earlier USING (item_id)
CROSS JOIN facts_of_day.meta AS meta
WHERE item.gone_on IS NULL AND item.last_loan_date IS NOT NULL
    AND item.last_loan_date IS DISTINCT FROM earlier.last_loan_date
    AND year(item.last_loan_date) * 12 + month(item.last_loan_date) - 1 BETWEEN meta.loans_from AND meta.loans_to
    AND NOT EXISTS (
        FROM facts_of_day.loan AS loan
        WHERE loan.item_no = item.item_no AND loan.loans > 0
            AND loan.month = year(item.last_loan_date) * 12 + month(item.last_loan_date) - 1
    )
ORDER BY item.item_no
