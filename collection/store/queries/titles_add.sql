-- Write the keys of some records into the index. Reads `arriving` (title_keys.packed). Run by selection/titles.py.
INSERT INTO entry BY NAME FROM arriving
