-- How often does each author, publisher, series and 目 occur in a list, and among all items that meet the same criteria?
-- The population is every candidate under a criterion that some item of the list meets, and the list itself.
-- An item counts once for each of its authors; where a value is not on record, or no 目, it counts for none.
-- Parameters: items (numbers of the items on the list), fewest (values rarer in the population are not tested).
-- Read by fairness.py.
WITH on_list AS (
    SELECT judged.item_no, judged.bib_no, judged.verdict, judged.criterion
    FROM judged JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
    WHERE item.item_id IN (SELECT unnest($items))
),
population AS (
    SELECT judged.item_no, judged.bib_no, on_list.item_no IS NOT NULL AS in_list
    FROM judged LEFT JOIN on_list ON on_list.item_no = judged.item_no
    WHERE on_list.item_no IS NOT NULL
        OR (
            judged.verdict = 'candidate'
            AND judged.criterion IN (SELECT criterion FROM on_list WHERE verdict = 'candidate')
        )
),
valued AS (
    SELECT item_no, in_list, 'author' AS attribute, trim(unnest(string_split(bib.author, ';'))) AS value
    FROM population JOIN facts_of_day.bib AS bib USING (bib_no)
    UNION
    SELECT item_no, in_list, 'publisher', trim(bib.publisher) FROM population JOIN facts_of_day.bib AS bib USING (bib_no)
    UNION
    SELECT item_no, in_list, 'series', trim(bib.series) FROM population JOIN facts_of_day.bib AS bib USING (bib_no)
    UNION
    SELECT item_no, in_list, 'moku', nullif(regexp_extract(bib.ndc, '^[0-9]{3}'), '')
    FROM population JOIN facts_of_day.bib AS bib USING (bib_no)
)
SELECT
    attribute, value,
    count(*) FILTER (in_list) AS in_list,
    (SELECT count(*) FROM on_list) AS list,
    count(*) AS in_population,
    (SELECT count(*) FROM population) AS population
FROM valued
WHERE value <> ''
GROUP BY attribute, value
HAVING count(*) >= $fewest
ORDER BY attribute, value
