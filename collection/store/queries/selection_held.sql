-- What does the library hold of records, and of other editions of their works? $asked: numbers of records. One row a
-- record: copies (of the unit, neither gone, missing, withdrawn nor on the way out), free (of these, on the shelf), branches (where,
-- with copies), holds (open reservations), other_copies and other_bib (copies of other editions of the work, and the
-- record of the newest of these). Work and unit are those of records: items have numbers of their own, which tell issues and
-- volumes apart. Reads facts_of_day and decided. Read by selection/check.py.
WITH asked AS (SELECT bib_no, bib_id, work_no, unit_no FROM facts_of_day.bib WHERE bib_no IN (SELECT unnest($asked))),
held AS MATERIALIZED (
    SELECT
        bib.bib_no, bib.work_no, bib.unit_no, item.branch, coalesce(item.status, 'available') = 'available' AS free,
        (coalesce(bib.edition_rank, 0), coalesce(bib.pub_year, 0), bib.bib_no) AS age
    FROM facts_of_day.bib
    JOIN facts_of_day.item ON item.bib_no = bib.bib_no
    LEFT JOIN decided ON decided.item_no = item.item_no
    WHERE bib.work_no IN (SELECT work_no FROM asked)
        AND item.gone_on IS NULL
        AND coalesce(item.status, '') NOT IN ('missing', 'withdrawn')
        AND NOT coalesce(item.unrecoverable, false)
        AND coalesce(decided.road, 'readmitted') = 'readmitted'
),
place AS (
    SELECT unit_no, branch, count(*) AS copies, count(*) FILTER (WHERE free) AS free FROM held GROUP BY ALL
),
unit AS (
    SELECT unit_no, sum(copies)::INTEGER AS copies, sum(free)::INTEGER AS free,
        string_agg(branch || ' ' || copies, '、' ORDER BY copies DESC, branch) AS branches
    FROM place GROUP BY unit_no
),
other AS (
    SELECT asked.bib_no, count(*)::INTEGER AS other_copies, arg_max(held.bib_no, held.age) AS other_bib
    FROM asked
    JOIN held ON held.work_no = asked.work_no AND held.unit_no <> asked.unit_no
    GROUP BY asked.bib_no
),
hold AS (
    SELECT bib.unit_no, sum(hold.holds)::INTEGER AS holds
    FROM facts_of_day.hold JOIN facts_of_day.bib ON bib.bib_no = hold.bib_no
    WHERE bib.unit_no IN (SELECT unit_no FROM asked)
    GROUP BY bib.unit_no
)
SELECT
    asked.bib_no, asked.bib_id,
    coalesce(unit.copies, 0) AS copies, coalesce(unit.free, 0) AS free, unit.branches,
    coalesce(hold.holds, 0) AS holds,
    coalesce(other.other_copies, 0) AS other_copies, other.other_bib
FROM asked
LEFT JOIN unit ON unit.unit_no = asked.unit_no
LEFT JOIN other ON other.bib_no = asked.bib_no
LEFT JOIN hold ON hold.unit_no = asked.unit_no
