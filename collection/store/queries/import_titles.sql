-- The titles from which match keys are made. No parameters. Run by imports.building.
SELECT bib_id, title
FROM now_bibs
