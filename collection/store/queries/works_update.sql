-- Write work, unit and edition order back to the records. Reads the frame placed_works. Run by works.py.
UPDATE bib
SET work_no = placed.work_no, unit_no = placed.unit_no, edition_rank = placed.edition_rank
FROM placed_works AS placed
WHERE bib.bib_no = placed.bib_no
