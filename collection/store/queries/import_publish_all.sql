-- Write a finished table into the new snapshot. table: bib or item; source: where it stands finished. Run by imports.building.
INSERT INTO new.{table} BY NAME
SELECT * FROM {source}.{table}
