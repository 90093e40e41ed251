-- Write the partners into the new snapshot. No parameters. Run by imports.building.
INSERT INTO new.partner BY NAME
SELECT * EXCLUDE (key)
FROM now_partners
ORDER BY partner_id
