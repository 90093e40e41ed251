-- The records that are looked at as if they were offered today, where selection/facts.py expects the titles on offer.
-- Reads looked_at (bib_no), registered by mirror.py, which runs it.
CREATE OR REPLACE TEMP VIEW bib AS
SELECT bib.* FROM facts_of_day.bib AS bib SEMI JOIN looked_at ON looked_at.bib_no = bib.bib_no
