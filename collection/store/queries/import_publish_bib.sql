-- Write the finished records into the new snapshot. No parameters. Run by imports.building.
INSERT INTO new.bib BY NAME
SELECT * FROM memory.bib
