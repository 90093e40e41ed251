-- Write the tokens of some records, still unsorted. Reads `arriving` (title_keys.tokens). Run by selection/titles.py.
INSERT INTO posting BY NAME SELECT no, token FROM arriving
