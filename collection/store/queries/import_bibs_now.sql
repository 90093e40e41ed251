-- The records before this import, without what is worked out from them. No parameters. Run by imports.merging.
CREATE TABLE now_bibs AS
SELECT bib_id AS key, * EXCLUDE (bib_no, title_key, work_no, unit_no, edition_rank)
FROM old.bib
