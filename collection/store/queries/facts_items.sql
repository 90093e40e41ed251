-- Every fact a rule may ask of an item (words/facts.toml). One row a held item, in item_no order. A view, so
-- that only what the policy asks for is computed. Filled in by facts.py: as_of; this_year; loans_from, the
-- first day with loan figures or NULL; surplus, whether a copy is beyond what use asks for (facts.surplus_sql); count_from, where the years since a confirmed loss begin
-- (fiscal_year_end, fiscal_year_start or date); inventories, the days on which inventories ended, a list or NULL. Reads item_use, branch_in_house, bib_fact,
-- unit_branch, copy_order, item_decision. Read by flag.py.
-- An item whose last use is not known has been idle at least since the loan figures begin; items that do
-- not circulate are judged by in-house use, where the branch counts it.
CREATE OR REPLACE TEMP VIEW item_fact AS
SELECT
    * EXCLUDE (last_reminder_date, in_house_known),
    datesub(
        'year',
        CASE
            WHEN last_use IS NOT NULL AND (circulates OR in_house_known) THEN greatest(accession_date, last_use)
            WHEN circulates AND never_lent THEN coalesce(accession_date, {loans_from})
            WHEN (circulates OR in_house_known) AND {loans_from} IS NOT NULL
                THEN greatest(accession_date, {loans_from})
        END,
        {as_of}
    )::SMALLINT AS idle_years,
    datesub('year', coalesce(accession_date, last_use), {as_of})::SMALLINT AS years_held,
    datesub('month', issue_date, {as_of}) / 12 AS years_since_issue,
    datesub('year', due_date, {as_of})::SMALLINT AS years_overdue,
    datesub('year', last_reminder_date, {as_of})::SMALLINT AS years_since_reminder,
    datesub(
        'year',
        CASE {count_from}
            WHEN 'date' THEN missing_confirmed_on
            WHEN 'fiscal_year_start' THEN make_date(year(missing_confirmed_on - INTERVAL 3 MONTH), 4, 1)
            ELSE make_date(year(missing_confirmed_on - INTERVAL 3 MONTH) + 1, 3, 31)
        END,
        {as_of}
    )::SMALLINT AS years_since_missing,
    CASE WHEN missing_confirmed_on IS NOT NULL THEN
        len(list_filter({inventories}, lambda ended: ended BETWEEN missing_confirmed_on AND {as_of}))
    END::SMALLINT AS inventories_missed
FROM (
    SELECT
        item.item_no, item.bib_no, item.work_no, item.unit_no, item.branch, item.location, item.shelf_order,
        item.accession_date, item.source, item.status, item.condition, item.due_date, item.last_reminder_date,
        coalesce(item.reminders, 0) AS reminders,
        coalesce(item.unrecoverable, false) AS unrecoverable,
        item.retention, item.issue_date, item.missing_confirmed_on, item.never_lent,
        year(item.accession_date - INTERVAL 3 MONTH)::SMALLINT AS received,
        coalesce(item.location, '') NOT IN ('reference', 'office')
            AND coalesce(bib_fact.material, '') <> 'reference' AS circulates,
        branch_in_house.branch IS NOT NULL AS in_house_known,
        item_brief.last_use, item_brief.loans_1y, item_brief.loans_3y, item_brief.usable,
        CASE WHEN branch_in_house.branch IS NOT NULL THEN coalesce(item_brief.in_house_1y, 0) END AS in_house_1y,
        coalesce(unit_branch.copies, item_brief.usable::INTEGER) AS copies,
        coalesce(unit_branch.copies_branch, item_brief.usable::INTEGER) AS copies_branch,
        coalesce(unit_branch.superseded, false) AS superseded,
        copy_order.copies_loans_1y, copy_order.copy_place,
        {surplus} AS surplus,
        coalesce(bib_fact.holds, 0) AS holds,
        coalesce(bib_fact.shelf_class, '-') AS shelf_class,
        ({this_year} - bib_fact.pub_year)::SMALLINT AS years_published,
        coalesce(bib_fact.retention_permanent, false) AS retention_permanent,
        coalesce(bib_fact.annual, false) AS annual,
        coalesce(item_decision.kept, false) AS kept,
        item_decision.kept_until,
        item_decision.named_collection,
        coalesce(item_decision.leaving, false) AS decided_to_leave,
        bib_fact.* EXCLUDE (bib_no, holds, shelf_class, retention_permanent, annual)
    FROM item_brief
    JOIN item ON item.item_no = item_brief.item_no
    LEFT JOIN bib_fact ON bib_fact.bib_no = item.bib_no
    LEFT JOIN branch_in_house ON branch_in_house.branch = item.branch
    LEFT JOIN unit_branch ON unit_branch.unit_no = item.unit_no AND unit_branch.branch = item.branch
    LEFT JOIN copy_order ON copy_order.item_no = item.item_no
    LEFT JOIN item_decision ON item_decision.item_no = item.item_no
)
