-- What was known at the end of a month of a title at a branch, apart from its own copies there? One row a unit and branch, in
-- that order. Of copies on the shelves for readers, those in closed stacks left out.
-- Filled in by rows.py: where, the CTE of the rows wanted: stood (where copies stood, with their loans a copy in the $months
-- after, as `actual`) or asked (every branch, for the units of table little_used; actual is NULL).
-- Parameters: $cutoff (year * 12 + month - 1), $months. Read by models/use/rows.py.
-- usual: loans of a copy of the class at the branch, the title's own left out; a place without others is left out.
-- elsewhere_lent: loans of a copy of the title at other branches; elsewhere_times: the same, as times of what a copy of its
-- class is lent where they stand.
WITH used AS (
    SELECT item_no,
        coalesce(sum(loans) FILTER (month <= $cutoff), 0)::INTEGER AS loans_12,
        coalesce(sum(loans) FILTER (month > $cutoff), 0)::INTEGER AS after
    FROM facts_of_day.loan
    WHERE month BETWEEN $cutoff - 11 AND $cutoff + $months
    GROUP BY item_no
),
copy AS (
    SELECT
        item.unit_no, item.branch, coalesce(used.loans_12, 0) AS loans_12, coalesce(used.after, 0) AS after,
        CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END AS shelf_class,
        CASE WHEN regexp_full_match(bib.ndc[:2], '\d\d') THEN bib.ndc[:2] END AS division,
        bib.audience, bib.material, bib.pub_year,
        $cutoff - (year(item.accession_date) * 12 + month(item.accession_date) - 1) AS months_held
    FROM facts_of_day.item AS item
    JOIN facts_of_day.bib AS bib USING (bib_no)
    LEFT JOIN used USING (item_no)
    WHERE coalesce(item.location, '') NOT IN ('reference', 'office', 'closed') AND coalesce(bib.material, '') <> 'reference'
        AND item.unit_no IS NOT NULL AND coalesce(months_held >= 0, true)
        AND coalesce(year(item.gone_on) * 12 + month(item.gone_on) - 1 > $cutoff, true)
),
stood AS (
    SELECT unit_no, branch, count(*) AS copies, sum(loans_12) AS loans, sum(after) / count(*) AS actual FROM copy GROUP BY ALL
),
title AS (
    SELECT
        unit_no, min(shelf_class) AS shelf_class, min(division) AS division, min(audience) AS audience,
        min(material) AS material, min(pub_year) AS pub_year, min(months_held) AS months_held,
        count(*) AS copies, sum(loans_12) AS loans
    FROM copy
    GROUP BY unit_no
),
asked AS (
    SELECT little_used.unit_no, branch.branch, NULL::DOUBLE AS actual
    FROM little_used CROSS JOIN (SELECT DISTINCT branch FROM copy) AS branch
),
shelf AS (SELECT shelf_class, branch, count(*) AS items, sum(loans_12) AS loans FROM copy GROUP BY ALL),
usual AS (  -- loans of all copies of a title, were each lent as its class is where it stands; in whole thousandths, which add up alike
    SELECT unit_no, sum(stood.copies * (1000 * shelf.loans // shelf.items)) AS loans
    FROM stood JOIN title USING (unit_no) JOIN shelf USING (shelf_class, branch)
    GROUP BY unit_no
)
SELECT
    place.unit_no, place.actual, place.branch, title.shelf_class, title.division, title.audience, title.material,
    $cutoff // 12 - title.pub_year AS years_published,
    title.months_held,
    title.copies - coalesce(here.copies, 0) AS elsewhere,
    (title.loans - coalesce(here.loans, 0)) / nullif(elsewhere, 0) AS elsewhere_lent,
    1000 * (title.loans - coalesce(here.loans, 0))
        / nullif(usual.loans - coalesce(here.copies * (1000 * shelf.loans // shelf.items), 0), 0) AS elsewhere_times,
    greatest((shelf.loans - coalesce(here.loans, 0)) / (shelf.items - coalesce(here.copies, 0)), 0.01) AS usual
FROM {where} AS place
JOIN title USING (unit_no)
JOIN usual USING (unit_no)
LEFT JOIN stood AS here ON here.unit_no = place.unit_no AND here.branch = place.branch
JOIN shelf ON shelf.shelf_class = title.shelf_class AND shelf.branch = place.branch
WHERE shelf.items > coalesce(here.copies, 0)
ORDER BY place.unit_no, place.branch
