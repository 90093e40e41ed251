-- What do the rules and their signs say of each title? columns: one expression a rule and a sign, filled in by
-- selection/signs.py from the pack. Reads title_fact. Read by selection/signs.py.
SELECT bib_no, found_words {columns}
FROM title_fact
ORDER BY bib_no
