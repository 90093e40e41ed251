-- The records as the pack's word list is to see them: it looks only at those without a mark, and so none has one here.
CREATE TEMP VIEW bib AS SELECT * REPLACE (NULL::VARCHAR AS local) FROM facts_of_day.bib
