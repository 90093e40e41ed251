-- The 保存年限 before this import. No parameters. Run by imports.merging.
CREATE TABLE now_retention AS
SELECT bib.bib_id AS key, bib.bib_id, retention.years, retention.permanent
FROM old.retention
JOIN old.bib USING (bib_no)
