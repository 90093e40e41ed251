-- What is each record compared by? block: class of three digits, else the mark that stands for it (NULL: compared with none);
-- said: a fingerprint of all that is compared. No parameters. Reads facts_of_day.bib. Read by the others here.
CREATE TABLE record AS
SELECT
    bib_no, bib_id,
    CASE WHEN length(ndc) >= 3 THEN left(ndc, 3) ELSE class_mark END AS block,
    hash(title, title_kana, series, subjects, ndc, class_mark) AS said
FROM facts_of_day.bib
