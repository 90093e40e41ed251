-- The texts by which the titles of some neighbourhoods are compared, those of a neighbourhood side by side.
-- $blocks: which, NULL for all. Reads record, facts_of_day.bib. Read by index.py.
SELECT
    bib_no, record.block, coalesce(bib.ndc, bib.class_mark) AS class, bib.title_key AS name,
    bib.title, bib.subjects, bib.series, bib.title_kana
FROM record
JOIN facts_of_day.bib AS bib USING (bib_no)
WHERE record.block IS NOT NULL AND ($blocks IS NULL OR list_contains($blocks, record.block))
ORDER BY record.block, bib_no
