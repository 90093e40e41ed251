-- What does each rule say of each held item (true, false or NULL), with the facts that lists and cards show?
-- Filled in by flag.py: rules, one boolean column a rule, and its conditional route and advice; scores,
-- one column a part of the score. Reads item_fact. Read by flag_standing.sql.
CREATE OR REPLACE TEMP TABLE ruled AS
SELECT
    item_no, bib_no, unit_no, work_no, edition_rank, branch, location, shelf_class, left(ndc, 3) AS ndc, audience,
    material, local, received, never_lent, shelf_order, pub_year,
    last_use, idle_years, years_held, years_published, years_since_issue, years_overdue, years_since_reminder,
    years_since_missing, inventories_missed, loans_1y, loans_3y, in_house_1y, holds, copies, copies_branch, surplus, superseded,
    usable, class_idle_years, class_shelf_life, use_only, subject_literature, circulates, annual, retention_years,
    retention_permanent, local_clue, listed, kept, kept_until, named_collection, decided_to_leave,
    coalesce(status, 'available') = 'available' AS on_shelf,
    {scores},
    {rules}
FROM item_fact
