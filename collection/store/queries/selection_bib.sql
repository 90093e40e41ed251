-- The titles on offer as records, as the facts of records are gathered from them; a C-code of other than four digits, of
-- which nobody knows what is lacking, is none. Reads offered, registered by selection/facts.py, which runs it.
CREATE OR REPLACE TEMP TABLE bib AS
SELECT * REPLACE (bib_no::INTEGER AS bib_no, CASE WHEN regexp_full_match(c_code, '[0-9]{4}') THEN c_code END AS c_code)
FROM offered
