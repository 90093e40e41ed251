-- Which titles are to be bought anew? Items with the tag 買替; those whose advice is 買替, as candidates or on the road away; and
-- soiled or damaged ones that somebody waits for or borrowed in the last year, where no other copy can be used.
-- What a person decided comes before an advice. One row a title, of a record without volumes one a number of the call number
-- (volume); kind: replace, or worn where only the last holds; places: at each branch one copy, or as many as are tagged.
-- Filled in by buying/wanted.py: leaving, duplicates_leaving. Reads facts_of_day, judged and decided.
WITH leaving AS (
{leaving}
),
worn AS MATERIALIZED (
    SELECT item_no FROM facts_of_day.item WHERE condition IN ('soiled', 'damaged') AND gone_on IS NULL
    UNION
    SELECT item_no FROM judged WHERE contains(advice, 'replace')
    UNION
    SELECT item_no FROM decided WHERE tag = 'replace'
),
spoken_of AS MATERIALIZED (
    SELECT
        judged.item_no, judged.bib_no, judged.unit_no, judged.branch, item.item_id, item.bib_id, item.call_number, item.condition,
        coalesce(decided.tag = 'replace', false) AS tagged,
        coalesce(contains(judged.advice, 'replace'), false)
            AND (judged.verdict = 'candidate' OR coalesce(decided.road, 'readmitted') <> 'readmitted') AS advised,
        coalesce(judged.holds > 0, false) OR coalesce(judged.loans_1y > 0, false) AS in_demand
    FROM worn
    JOIN judged USING (item_no)
    JOIN facts_of_day.item AS item USING (item_no)
    LEFT JOIN decided ON decided.item_no = worn.item_no
    WHERE judged.bib_no IS NOT NULL AND coalesce(decided.tag, 'withdraw') IN ('withdraw', 'replace')
),
usable AS (
    SELECT DISTINCT judged.unit_no
    FROM judged SEMI JOIN spoken_of USING (unit_no)
    WHERE judged.usable AND judged.item_no NOT IN (SELECT item_no FROM leaving)
),
meant AS (
    SELECT
        spoken_of.*, tagged OR advised AS replaced,
        CASE WHEN bib.volume IS NULL
            THEN nullif(regexp_extract(call_number, '[/ ／　]([0-9０-９]+)$', 1), '') ELSE bib.volume
        END AS volume
    FROM spoken_of JOIN facts_of_day.bib AS bib USING (bib_no)
    WHERE tagged OR advised
        OR (condition IN ('soiled', 'damaged') AND in_demand AND spoken_of.unit_no NOT IN (SELECT unit_no FROM usable))
),
place AS (
    SELECT
        bib_id, volume, branch, bool_or(replaced) AS replaced, list(item_id ORDER BY item_id) AS items,
        greatest(1, count(*) FILTER (tagged)) AS copies
    FROM meant
    GROUP BY bib_id, volume, branch
)
SELECT
    bib_id, volume,
    CASE WHEN bool_or(replaced) THEN 'replace' ELSE 'worn' END AS kind,
    flatten(list(items ORDER BY branch)) AS items,
    list({{'branch': branch, 'copies': copies}} ORDER BY branch) AS places
FROM place
GROUP BY bib_id, volume
ORDER BY bib_id, volume
