-- The partners before this import. base: the schema of the last snapshot. Run by imports.merging.
CREATE TABLE now_partners AS
SELECT partner_id AS key, *
FROM {base}.partner
