-- From what and how the index was made. $form: its fingerprint. Run by selection/titles.py when all is in it.
CREATE TABLE made AS SELECT $form AS form
