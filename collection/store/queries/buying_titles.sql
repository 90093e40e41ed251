-- What is known of records that lines of the buying list name: the fields of a title, and of its edition the open holds and
-- the copies that can be lent. $asked: bib_ids. Filled in by buying/wanted.py: leaving, duplicates_leaving.
-- Reads facts_of_day, judged and decided. Read by buying/wanted.py.
WITH leaving AS (
{leaving}
),
asked AS MATERIALIZED (
    SELECT bib_no, unit_no FROM facts_of_day.bib WHERE bib_id IN (SELECT unnest($asked))
),
kin AS MATERIALIZED (
    SELECT bib.bib_no, bib.unit_no FROM facts_of_day.bib AS bib SEMI JOIN asked USING (unit_no)
),
held AS (
    SELECT kin.unit_no, count(*) AS copies
    FROM judged JOIN kin USING (bib_no)
    WHERE judged.usable AND judged.circulates AND judged.item_no NOT IN (SELECT item_no FROM leaving)
    GROUP BY kin.unit_no
),
waiting AS (
    SELECT kin.unit_no, sum(hold.holds)::BIGINT AS holds
    FROM facts_of_day.hold AS hold JOIN kin USING (bib_no)
    GROUP BY kin.unit_no
)
SELECT
    bib.bib_id, bib.title, bib.volume, bib.series, bib.author, bib.publisher, bib.edition, bib.isbn, bib.c_code, bib.ndc,
    bib.class_mark, bib.audience, bib.material, bib.language, bib.subjects, bib.local, bib.price, bib.pub_year,
    coalesce(waiting.holds, 0) AS holds, coalesce(held.copies, 0) AS copies
FROM asked
JOIN facts_of_day.bib AS bib USING (bib_no)
LEFT JOIN held ON held.unit_no = asked.unit_no
LEFT JOIN waiting ON waiting.unit_no = asked.unit_no
ORDER BY bib.bib_id
