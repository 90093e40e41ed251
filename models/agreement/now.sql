-- What is known today, in the same columns, of each item that a list may hold: candidates, and what is tagged or on a list?
-- Reads decided, flags and facts_of_day. Read by features.sql.
SELECT
    judged.item_no, judging.as_of, item.accession_date, judged.pub_year, judged.idle_years, judged.loans_3y, judged.copies,
    judged.holds, round(judged.score, 1) AS score, bib.ndc, bib.audience, bib.material, judged.branch, judged.location,
    bib.local, judged.verdict, judged.criterion, judged.survivor_kind
FROM flags.judged AS judged
CROSS JOIN flags.judging AS judging
JOIN facts_of_day.item AS item USING (item_no)
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
WHERE judged.verdict = 'candidate'
    OR judged.item_no IN (SELECT item_no FROM decided WHERE tag IS NOT NULL OR entry IS NOT NULL)
ORDER BY judged.item_no
