-- What was known of each circulating item at the end of a month? One row an item held then, gone since or not, in item_no
-- order. Nothing after $cutoff is read of loans, accessions and departures; status, condition, holds and lifetime counts are
-- of today and so are left out. Place, branch, class and price are the record's own, as it stands today.
-- Parameters: $cutoff (year * 12 + month - 1); $first, the first month with loan figures. Read by models/use/rows.py.
-- before_12 and before_24: loans of the second and third year back, brought to the level of the last twelve months at the
-- branch; NULL where the figures do not reach so far back. Loans of other copies, titles and items leave the item's own out.
WITH used AS (
    SELECT
        item_no,
        sum(loans) FILTER (month > $cutoff - 12)::INTEGER AS loans_12,
        sum(loans) FILTER (month > $cutoff - 6)::INTEGER AS loans_6,
        sum(loans) FILTER (month BETWEEN $cutoff - 23 AND $cutoff - 12)::INTEGER AS before_12,
        sum(loans) FILTER (month BETWEEN $cutoff - 35 AND $cutoff - 24)::INTEGER AS before_24,
        count(*) FILTER (month > $cutoff - 12) AS months_lent,
        max(month)::INTEGER AS last_month
    FROM facts_of_day.loan
    WHERE month <= $cutoff AND loans > 0
    GROUP BY item_no
),
held AS (
    SELECT
        item.item_no, item.unit_no, item.branch, item.location, item.accession_date,
        coalesce(item.price, bib.price) AS price, bib.author, bib.pub_year, bib.audience, bib.material,
        CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END AS shelf_class,
        CASE WHEN regexp_full_match(bib.ndc[:2], '\d\d') THEN bib.ndc[:2] END AS division,
        CASE WHEN regexp_full_match(bib.ndc[:3], '\d\d\d') THEN
            (bib.audience IS NOT DISTINCT FROM 'child') || bib.ndc[:3]
        END AS section,
        coalesce(used.loans_12, 0) AS loans_12, coalesce(used.loans_6, 0) AS loans_6,
        CASE WHEN $first <= $cutoff - 23 THEN coalesce(used.before_12, 0) END AS before_12,
        CASE WHEN $first <= $cutoff - 35 THEN coalesce(used.before_24, 0) END AS before_24,
        coalesce(used.months_lent, 0) AS months_lent,
        $cutoff - used.last_month AS months_idle,
        $cutoff - (year(item.accession_date) * 12 + month(item.accession_date) - 1) AS months_held
    FROM facts_of_day.item AS item
    LEFT JOIN facts_of_day.bib AS bib USING (bib_no)
    LEFT JOIN used USING (item_no)
    WHERE coalesce(item.location, '') NOT IN ('reference', 'office') AND coalesce(bib.material, '') <> 'reference'
        AND coalesce(months_held >= 0, true)
        AND coalesce(year(item.gone_on) * 12 + month(item.gone_on) - 1 > $cutoff, true)
),
level AS (
    SELECT branch, sum(loans_12) AS last, sum(before_12) AS before_last, sum(before_24) AS first
    FROM held
    GROUP BY branch
),
unit AS (
    SELECT unit_no, count(*) AS copies, sum(loans_12) AS loans
    FROM held
    WHERE unit_no IS NOT NULL
    GROUP BY unit_no
),
here AS (SELECT unit_no, branch, count(*) AS copies FROM held WHERE unit_no IS NOT NULL GROUP BY unit_no, branch),
title AS (SELECT author, unit_no, count(*) AS copies, sum(loans_12) AS loans FROM held WHERE author IS NOT NULL GROUP BY ALL),
writer AS (SELECT author, sum(copies) AS copies, sum(loans) AS loans FROM title GROUP BY author),
subject AS (SELECT section, count(*) AS items, sum(loans_12) AS loans FROM held WHERE section IS NOT NULL GROUP BY section)
SELECT
    held.item_no, held.unit_no, held.branch, held.location, held.shelf_class, held.division, held.audience, held.material,
    loans_12, loans_6, months_lent, months_idle, months_held,
    before_12 * level.last / nullif(level.before_last, 0) AS before_12,
    before_24 * level.last / nullif(level.first, 0) AS before_24,
    least(months_held + 1, $cutoff - $first + 1) AS months_told,
    $cutoff // 12 - pub_year AS years_published,
    price,
    coalesce(unit.copies, 1) AS copies,
    coalesce(here.copies, 1) AS copies_branch,
    (unit.loans - loans_12) / nullif(unit.copies - 1, 0) AS others_lent,
    (writer.loans - title.loans) / nullif(writer.copies - title.copies, 0) AS author_lent,
    (subject.loans - loans_12) / nullif(subject.items - 1, 0) AS subject_lent
FROM held
JOIN level USING (branch)
LEFT JOIN unit USING (unit_no)
LEFT JOIN here USING (unit_no, branch)
LEFT JOIN writer ON writer.author = held.author
LEFT JOIN title ON title.author = held.author AND title.unit_no = held.unit_no
LEFT JOIN subject USING (section)
ORDER BY held.item_no
