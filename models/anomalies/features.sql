-- When was each circulating item idle for long, and did a loan end it? One row a stretch: at risk of being lent again from
-- `begin` to `until` (months since year 0), after $idle whole months without a loan; woken: lent in the month `until`, `loans` times.
-- Idle since the loan before, the accession or the month before loan figures begin. block: $neighbours items side by side on the shelf.
-- Loans up to the last month with figures. Reads facts_of_day and flags. Read by models/anomalies/train.py.
CREATE TEMP TABLE spell AS
WITH covered AS (SELECT loans_from, loans_to FROM facts_of_day.meta),
held AS (
    SELECT
        judged.item_no, judged.branch, judged.shelf_class, judged.shelf_order // $neighbours AS block,
        greatest(coalesce(year(accession_date) * 12 + month(accession_date) - 1, 0), loans_from - 1) AS since,
        loans_to
    FROM flags.judged AS judged
    JOIN facts_of_day.item AS item USING (item_no)
    CROSS JOIN covered
    WHERE judged.circulates AND loans_from IS NOT NULL
),
point AS (
    SELECT item_no, since AS month, NULL::USMALLINT AS loans FROM held
    UNION ALL
    SELECT item_no, loan.month, loan.loans FROM facts_of_day.loan AS loan JOIN held USING (item_no)
    WHERE loan.loans > 0 AND loan.month > held.since
),
stretch AS (
    SELECT
        item_no, month AS since, lead(month) OVER later AS next, lead(loans) OVER later AS loans
    FROM point
    WINDOW later AS (PARTITION BY item_no ORDER BY month)
)
SELECT
    held.item_no, branch, shelf_class, block, stretch.since + $idle + 1 AS begin, coalesce(next, loans_to)::INTEGER AS until,
    next IS NOT NULL AS woken, stretch.loans::INTEGER AS loans, until - stretch.since - 1 AS idle
FROM stretch JOIN held USING (item_no)
WHERE stretch.since + $idle + 1 <= coalesce(next, loans_to)
ORDER BY item_no, begin
