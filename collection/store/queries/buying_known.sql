-- Which titles of some classes had readers but have no usable copy any more? The most lent of each class first.
-- Parameters: marks (shelf classes), from_month (loans count from it on), from_year (of publication), each (titles a class).
-- One row an edition with its newest record. Reads facts_of_day and judged. Read by buying/wanted.py.
WITH lost AS MATERIALIZED (
    SELECT item.item_no, bib.unit_no, bib.bib_id,
        CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END AS mark
    FROM facts_of_day.bib AS bib
    JOIN facts_of_day.item AS item ON item.bib_no = bib.bib_no
    WHERE bib.pub_year >= $from_year
        AND (item.gone_on IS NOT NULL OR item.status = 'missing')
        AND list_contains($marks, CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END)
),
lent AS (
    SELECT lost.unit_no, any_value(lost.mark) AS mark, max(lost.bib_id) AS bib_id, sum(loan.loans)::BIGINT AS loans
    FROM lost
    JOIN facts_of_day.loan AS loan ON loan.item_no = lost.item_no AND loan.month >= $from_month
    GROUP BY lost.unit_no
    HAVING sum(loan.loans) > 0
),
alone AS (
    SELECT * FROM lent
    WHERE unit_no NOT IN (
        SELECT bib.unit_no FROM facts_of_day.bib AS bib JOIN judged USING (bib_no)
        WHERE judged.usable AND bib.unit_no IN (SELECT unit_no FROM lent)
    )
)
SELECT mark, bib_id, loans
FROM alone
QUALIFY row_number() OVER (PARTITION BY mark ORDER BY loans DESC, bib_id) <= $each
ORDER BY mark, loans DESC, bib_id
