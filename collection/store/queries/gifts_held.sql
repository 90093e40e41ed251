-- What does the library hold of the edition of records, for weighing one more copy? Parameter: asked, numbers of records.
-- One row a record: sound (copies that can be used, are not worn and stay), worn (copies that need repair, are soiled or damaged,
-- or were marked 買替), branches (of the whole library), loans_1y (of the last twelve months; NULL without figures), own_year and
-- other_year (newest year of publication of the copies of this edition, and of the others that are held). Of a record whose
-- issues or volumes are told apart, the figures are those of the issue or volume that has most.
-- Filled in by gifts/checking.py: leaving, duplicates_leaving. Reads facts_of_day, judged and decided.
WITH leaving AS (
{leaving}
),
asked AS MATERIALIZED (
    SELECT bib_no, unit_no, work_no FROM facts_of_day.bib WHERE bib_no IN (SELECT unnest($asked))
),
copy AS MATERIALIZED (
    SELECT
        bib.work_no, bib.unit_no, bib.pub_year, item.unit_no AS part_no, judged.loans_1y, judged.usable,
        coalesce(item.condition IN ('repairable', 'soiled', 'damaged'), false) OR coalesce(decided.tag = 'replace', false) AS worn
    FROM facts_of_day.bib AS bib
    JOIN facts_of_day.item AS item ON item.bib_no = bib.bib_no
    JOIN judged ON judged.item_no = item.item_no
    LEFT JOIN decided ON decided.item_no = item.item_no
    WHERE bib.work_no IN (SELECT work_no FROM asked)
        AND coalesce(item.status, '') <> 'missing'
        AND NOT coalesce(item.unrecoverable, false)
        AND item.item_no NOT IN (SELECT item_no FROM leaving)
),
part AS (
    SELECT
        unit_no, count(*) FILTER (usable AND NOT worn) AS sound, count(*) FILTER (worn) AS worn,
        sum(loans_1y)::BIGINT AS loans_1y, max(pub_year) AS own_year
    FROM copy
    GROUP BY unit_no, part_no
),
unit AS (
    SELECT unit_no, max(sound) AS sound, max(worn) AS worn, max(loans_1y) AS loans_1y, max(own_year) AS own_year
    FROM part
    GROUP BY unit_no
),
other AS (
    SELECT asked.bib_no, max(copy.pub_year) AS other_year
    FROM asked JOIN copy ON copy.work_no = asked.work_no AND copy.unit_no <> asked.unit_no
    GROUP BY asked.bib_no
)
SELECT
    asked.bib_no, coalesce(unit.sound, 0) AS sound, coalesce(unit.worn, 0) AS worn,
    (SELECT count(DISTINCT branch) FROM judged) AS branches, unit.loans_1y, unit.own_year, other.other_year
FROM asked
LEFT JOIN unit ON unit.unit_no = asked.unit_no
LEFT JOIN other ON other.bib_no = asked.bib_no
