-- A file without in-house use leaves what is known of it. No parameters. Run by imports.loans.
UPDATE arriving
SET in_house = known.in_house
FROM known
WHERE known.item_no = arriving.item_no AND known.month = arriving.month
