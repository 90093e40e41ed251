-- The holds before this import. base: the schema of the last snapshot. Run by imports.merging.
CREATE TABLE now_holds AS
SELECT bib.bib_id || chr(31) || coalesce(hold.branch, '') AS key, bib.bib_id, hold.branch, hold.holds
FROM {base}.hold
JOIN {base}.bib USING (bib_no)
