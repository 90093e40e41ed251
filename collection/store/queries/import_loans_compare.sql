-- How many loans of the file are new, how many different, how many the same? $in_house: the file has that column. Run by imports.loans.
SELECT
    count(*) FILTER (known.item_no IS NULL),
    count(*) FILTER (known.item_no IS NOT NULL AND differs),
    count(*) FILTER (known.item_no IS NOT NULL AND NOT differs)
FROM (
    SELECT
        known.item_no,
        arriving.loans <> known.loans OR ($in_house AND arriving.in_house IS DISTINCT FROM known.in_house) AS differs
    FROM arriving
    LEFT JOIN known USING (item_no, month)
) AS known
