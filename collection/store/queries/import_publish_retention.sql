-- Write the 保存年限 into the new snapshot. No parameters. Run by imports.building.
INSERT INTO new.retention
SELECT bib.bib_no, now_retention.years, now_retention.permanent
FROM now_retention
JOIN new.bib USING (bib_id)
ORDER BY bib.bib_no
