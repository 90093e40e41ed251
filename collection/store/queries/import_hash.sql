-- A figure for all facts of the new snapshot that does not depend on their order: rows and sum of row hashes, table by table.
-- What is worked out from the facts does not count. No parameters. Run by imports.building.
SELECT 'bib', count(*), sum(hash(*COLUMNS(* EXCLUDE (title_key, work_no, unit_no, edition_rank)))::HUGEINT) FROM new.bib
UNION ALL
SELECT 'item', count(*), sum(hash(*COLUMNS(* EXCLUDE (work_no, unit_no, shelf_order)))::HUGEINT) FROM new.item
UNION ALL
SELECT 'loan', count(*), sum(hash(item_no, month, loans, in_house)::HUGEINT) FROM new.loan
UNION ALL
SELECT 'hold', count(*), sum(hash(bib_no, branch, holds)::HUGEINT) FROM new.hold
UNION ALL
SELECT 'retention', count(*), sum(hash(bib_no, years, permanent)::HUGEINT) FROM new.retention
UNION ALL
SELECT 'partner', count(*), sum(hash(*COLUMNS(*))::HUGEINT) FROM new.partner
ORDER BY 1
