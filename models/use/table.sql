-- Keeps a frame, registered as told, as a table of the artefact. Filled in by train.py: name.
CREATE TABLE {name} AS SELECT * FROM told
