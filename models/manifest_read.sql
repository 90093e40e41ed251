-- How did an artefact come about? Read by artefact.py.
SELECT told FROM manifest
