-- What became of each record since an earlier index? now, before: its number then and now (NULL: it was or is not there);
-- same: whether it says the same. No parameters. Reads record, earlier.record. Read by kept.sql and changes.sql.
CREATE TEMP TABLE changed AS
SELECT
    record.bib_no AS now, old.bib_no AS before, coalesce(record.said = old.said, false) AS same,
    record.block, old.block AS block_before
FROM record
FULL JOIN earlier.record AS old USING (bib_id)
