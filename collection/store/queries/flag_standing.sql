-- Where does each item stand before survivors are looked for? Filled in by flag.py from the pack:
-- states, per criterion 'candidate', 'ask' or 'keep' (stopped by a protection), 'no', or NULL (unknown);
-- eligible, may go under a criterion that needs a survivor; leaving, goes, or may be gone, for another
-- reason or by people's decision and so can be nobody's survivor. Reads ruled. Read by survive_*.sql and verdict.sql.
CREATE OR REPLACE TEMP VIEW standing AS
SELECT *, coalesce({eligible}, false) AS eligible, decided_to_leave OR coalesce({leaving}, false) AS leaving
FROM (SELECT *, {states} FROM ruled)
