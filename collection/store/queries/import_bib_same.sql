-- The records of the last snapshot, where an import changed none. No parameters. Run by imports.building.
INSERT INTO new.bib BY NAME
SELECT * FROM old.bib
