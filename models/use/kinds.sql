-- Which values has each column of kinds, the most frequent first? No parameters. Read by models/use/rows.py.
WITH item AS (
    SELECT
        item.branch, item.location, bib.audience, bib.material,
        CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END AS shelf_class,
        CASE WHEN regexp_full_match(bib.ndc[:2], '\d\d') THEN bib.ndc[:2] END AS division
    FROM facts_of_day.item AS item LEFT JOIN facts_of_day.bib AS bib USING (bib_no)
)
SELECT column_name, value
FROM (UNPIVOT item ON branch, location, audience, material, shelf_class, division INTO NAME column_name VALUE value)
GROUP BY ALL
ORDER BY column_name, count(*) DESC, value
