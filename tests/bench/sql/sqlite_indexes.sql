-- The indexes of the library in SQLite, made after loading. Read by in_sqlite.py.
CREATE INDEX item_bib ON item (bib_no);
CREATE INDEX item_unit ON item (unit_no, branch);
CREATE INDEX item_work ON item (work_no);
CREATE INDEX bib_unit ON bib (unit_no);
CREATE INDEX bib_class ON bib (ndc);
ANALYZE;
