-- What do the rules and their signs say of each title? truths: one expression a sign; columns: one a rule, over these, and
-- whatever else is asked of seen. Filled in by selection/signs.py from the pack. Reads title_fact. Read by selection/signs.py.
WITH seen AS (
    SELECT bib_no, found_words, {truths} FROM title_fact
)
SELECT bib_no, {columns}
FROM seen
ORDER BY bib_no
