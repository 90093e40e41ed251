-- The keys of every record (title_keys.packed), not compressed: single rows are fetched from all over the table, and for
-- each a whole vector would be unpacked. No parameters. Run by selection/titles.py.
CREATE TABLE entry (
    bib_no INTEGER NOT NULL USING COMPRESSION uncompressed,
    work_no INTEGER NOT NULL USING COMPRESSION uncompressed,
    keys VARCHAR NOT NULL USING COMPRESSION uncompressed
)
