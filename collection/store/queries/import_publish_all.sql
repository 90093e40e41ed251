-- Write a finished table into the new snapshot. {table}: bib or item. Run by imports.building.
INSERT INTO new.{table} BY NAME
SELECT * FROM memory.{table}
