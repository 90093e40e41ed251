-- What did each fiscal year bring and take: loans, accessions, money, and what left the holdings? Items since gone count
-- in the years they were held, and are gone in the year of the day before the import that missed them. Fiscal years begin in April (month numbers as in loan). No parameters.
-- Reads bib_fact (facts_bibs.sql). Fills year_cell (schema/judged.sql). Read by measures and the yearbook.
INSERT INTO year_cell BY NAME
WITH held AS (
    SELECT
        item.item_no, item.branch, item.location, coalesce(bib_fact.shelf_class, '-') AS shelf_class,
        left(bib_fact.ndc, 3) AS ndc, bib_fact.audience, bib_fact.material, item.source, coalesce(item.price, 0) AS price,
        year(item.accession_date - INTERVAL 3 MONTH) AS came, year(item.gone_on - INTERVAL 1 DAY - INTERVAL 3 MONTH) AS went
    FROM item LEFT JOIN bib_fact ON bib_fact.bib_no = item.bib_no
),
cell AS (
    SELECT
        lent.fiscal_year, held.branch, held.location, held.shelf_class, held.ndc, held.audience, held.material,
        lent.loans, 0 AS received, 0 AS purchased, 0 AS donated, 0 AS reaccessioned, 0 AS spent, 0 AS gone
    FROM (SELECT item_no, (month - 3) // 12 AS fiscal_year, sum(loans) AS loans FROM loan GROUP BY ALL) AS lent
    JOIN held USING (item_no)
    UNION ALL
    SELECT
        came, branch, location, shelf_class, ndc, audience, material, 0, 1,
        (source = 'purchase')::INTEGER, (source = 'gift')::INTEGER, (source = 'reaccession')::INTEGER,
        CASE WHEN source = 'purchase' THEN price ELSE 0 END, 0
    FROM held
    WHERE came IS NOT NULL
    UNION ALL
    SELECT went, branch, location, shelf_class, ndc, audience, material, 0, 0, 0, 0, 0, 0, 1 FROM held WHERE went IS NOT NULL
)
SELECT
    fiscal_year, branch, location, shelf_class, ndc, audience, material,
    sum(loans) AS loans, sum(received) AS received, coalesce(sum(purchased), 0) AS purchased,
    coalesce(sum(donated), 0) AS donated, coalesce(sum(reaccessioned), 0) AS reaccessioned,
    coalesce(sum(spent), 0) AS spent, sum(gone) AS gone
FROM cell
GROUP BY ALL
