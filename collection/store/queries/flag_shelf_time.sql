-- How long had each held item that was lent in the last twelve months stood idle before that loan (Slote, shelf-time period)?
-- Figures are monthly: the loans of one month after the first count as 0 months. Where no loan before it is known, the time
-- counts from accession, or from the first month with figures: at least so long.
-- Parameter: $last_month (year * 12 + month - 1). Reads bib_fact. Fills shelf_time (schema/judged.sql).
INSERT INTO shelf_time BY NAME
WITH recent AS (
    SELECT DISTINCT item_no FROM loan WHERE month > $last_month - 12 AND month <= $last_month AND loans > 0
),
used AS (
    SELECT
        loan.item_no, loan.month, loan.loans,
        lag(loan.month) OVER (PARTITION BY loan.item_no ORDER BY loan.month) AS before
    FROM loan JOIN recent USING (item_no)
    WHERE loan.loans > 0 AND loan.month <= $last_month
),
gap AS (
    SELECT
        item_no, loans,
        greatest(0, month - coalesce(
            before,
            greatest(year(item.accession_date) * 12 + month(item.accession_date) - 1, (SELECT loans_from FROM meta))
        )) AS months
    FROM used JOIN item USING (item_no)
    WHERE used.month > $last_month - 12 AND item.gone_on IS NULL AND item.status IS DISTINCT FROM 'withdrawn'
)
SELECT
    item.branch, item.location, coalesce(bib_fact.shelf_class, '-') AS shelf_class, left(bib_fact.ndc, 3) AS ndc,
    bib_fact.audience, bib_fact.material, gap_month.months, sum(gap_month.loans) AS loans
FROM (
    SELECT item_no, months, 1 AS loans FROM gap
    UNION ALL
    SELECT item_no, 0, loans - 1 FROM gap WHERE loans > 1
) AS gap_month
JOIN item USING (item_no)
LEFT JOIN bib_fact ON bib_fact.bib_no = item.bib_no
GROUP BY ALL
