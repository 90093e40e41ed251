-- Every fact a rule may ask of an item (words/facts.toml). One row a held item, in item_no order. A view, so
-- that only what the policy asks for is computed. No parameters. Reads item_base, unit_branch, surplus_item.
-- Read by flag.py.
CREATE OR REPLACE TEMP VIEW item_fact AS
SELECT
    item_base.*,
    coalesce(unit_branch.copies, item_base.usable::INTEGER) AS copies,
    coalesce(unit_branch.copies_branch, item_base.usable::INTEGER) AS copies_branch,
    coalesce(unit_branch.superseded, false) AS superseded,
    surplus_item.item_no IS NOT NULL AS surplus
FROM item_base
LEFT JOIN unit_branch ON unit_branch.unit_no = item_base.unit_no AND unit_branch.branch = item_base.branch
LEFT JOIN surplus_item ON surplus_item.item_no = item_base.item_no
