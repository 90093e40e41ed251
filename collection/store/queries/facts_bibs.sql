-- What do rules ask of each record? Class values, holds on its unit, retention, the pack's lists and the
-- words that point to the city. texts: columns of running text that the policy asks for (see facts.py). Reads class_value, bib_list
-- and bib_clue. Read by facts_items.sql.
CREATE OR REPLACE TEMP TABLE bib_fact AS
WITH unit_hold AS (
    SELECT unit_no, sum(hold.holds)::INTEGER AS holds FROM hold JOIN bib USING (bib_no) GROUP BY unit_no
)
SELECT
    bib.bib_no,
    bib.edition_rank,
    bib.pub_year,
    bib.material,
    bib.audience,
    bib.local,
    bib.ndc,
    {texts}
    CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END AS shelf_class,
    class_value.* EXCLUDE (class_key, subject_literature),
    class_value.subject_literature AND coalesce(bib.material, 'book') = 'book' AS subject_literature,
    coalesce(bib.material = 'yearbook', false)
        OR regexp_matches(bib.title, '(白書|年鑑|年報)([ 　（(：:]|平成|令和|昭和|[0-9０-９]|$)') AS annual,
    coalesce(unit_hold.holds, 0) AS holds,
    retention.years AS retention_years,
    retention.permanent AS retention_permanent,
    bib_clue.local_clue,
    bib_list.listed
FROM bib
LEFT JOIN class_value ON class_value.class_key = coalesce(bib.ndc, bib.class_mark)
LEFT JOIN unit_hold ON unit_hold.unit_no = bib.unit_no
LEFT JOIN retention ON retention.bib_no = bib.bib_no
LEFT JOIN bib_clue ON bib_clue.bib_no = bib.bib_no
LEFT JOIN bib_list ON bib_list.bib_no = bib.bib_no
