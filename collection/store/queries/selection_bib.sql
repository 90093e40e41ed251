-- The titles on offer as records, as the facts of records are gathered from them. Reads offered, registered by
-- selection/facts.py, which runs it.
CREATE OR REPLACE TEMP TABLE bib AS SELECT * REPLACE (bib_no::INTEGER AS bib_no) FROM offered
