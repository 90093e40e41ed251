-- The holds before this import. No parameters. Run by imports.merging.
CREATE TABLE now_holds AS
SELECT bib.bib_id || chr(31) || coalesce(hold.branch, '') AS key, bib.bib_id, hold.branch, hold.holds
FROM old.hold
JOIN old.bib USING (bib_no)
