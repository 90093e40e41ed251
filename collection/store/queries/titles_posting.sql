-- Tokens of the records as they come, before they are sorted. No parameters. Run by selection/titles.py.
CREATE TEMP TABLE posting (token UBIGINT NOT NULL, no INTEGER NOT NULL)
