-- How many holds wait for each usable copy of the titles that have holds? Holds are made on records: one record may stand for
-- many volumes or issues, several records for one edition.
-- Filled in by measures.py: the groups. Reads the scope it puts before this, and the records of facts_of_day.
SELECT {by}, sum(holds) / nullif(sum(copies), 0) AS value
FROM (
    SELECT {by}, edition, any_value(holds) AS holds, count(*) FILTER (usable) AS copies
    FROM stock JOIN (SELECT bib_no, unit_no AS edition FROM facts_of_day.bib) AS record USING (bib_no)
    WHERE holds > 0
    GROUP BY {by}, edition
)
GROUP BY {by}
