-- Which items are copies of one another? Items of one unit, but issues of a serial, and volumes that
-- share one record and differ in the number that ends the call number, are told apart.
-- An issue without a date is nobody's copy. No parameters. Run by works.py after the bibs are placed.
UPDATE item
SET work_no = placed.work_no, unit_no = placed.unit_no
FROM (
    SELECT
        item_no,
        min(item_no) OVER (PARTITION BY work, part) AS work_no,
        min(item_no) OVER (PARTITION BY unit, part) AS unit_no
    FROM (
        SELECT
            item.item_no,
            coalesce(bib.work_no, -1 - item.item_no) AS work,
            coalesce(bib.unit_no, -1 - item.item_no) AS unit,
            CASE
                WHEN item.issue_date IS NOT NULL THEN item.issue_date::VARCHAR
                WHEN bib.material IN ('periodical', 'newspaper') THEN 'item ' || item.item_no
                WHEN bib.volume IS NULL THEN nullif(regexp_extract(item.call_number, '[/ ／　]([0-9０-９]+)$', 1), '')
            END AS part
        FROM item
        LEFT JOIN bib USING (bib_no)
    )
) AS placed
WHERE item.item_no = placed.item_no
