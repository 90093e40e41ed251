-- The partners before this import. No parameters. Run by imports.merging.
CREATE TABLE now_partners AS
SELECT partner_id AS key, *
FROM old.partner
