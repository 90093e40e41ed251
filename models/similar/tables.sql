-- What is filled while an index is made. pair: all that are near, told apart at the end (neighbour.sql, unsure.sql); gram: what
-- a gram counts, of those that more than one record held; stop: which are left out in which block.
CREATE TEMP TABLE pair (bib_no INTEGER, other_no INTEGER, score FLOAT, shared_words VARCHAR, class VARCHAR);
CREATE TABLE gram (gram VARCHAR, idf FLOAT);
CREATE TABLE stop (block VARCHAR, gram VARCHAR)
