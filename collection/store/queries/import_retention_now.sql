-- The 保存年限 before this import. base: the schema of the last snapshot. Run by imports.merging.
CREATE TABLE now_retention AS
SELECT bib.bib_id AS key, bib.bib_id, retention.years, retention.permanent
FROM {base}.retention
JOIN {base}.bib USING (bib_no)
