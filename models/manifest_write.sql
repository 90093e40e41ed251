-- How did this artefact come about? Written last, as JSON (artefact.Manifest). $told. Read by artefact.py.
CREATE TABLE manifest AS SELECT $told AS told
