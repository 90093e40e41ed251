-- The verdict on every held item. Filled in by flag.py from the pack's rules: criteria and asks, lists of
-- what applies; candidate_criterion, asked_criterion; asking_rule; protectors; unknown_rule;
-- candidate_rule, route, advice; score; last_copy, the rule that keeps the last usable copy; closed_stacks, the rule
-- that sends little-used items there (NULL when the pack has none). Reads standing, named, held, similar_title.
-- A view with the columns of judged (schema/judged.sql). Read by flag_judged.sql and whatif_outcome.sql.
CREATE OR REPLACE TEMP VIEW outcome AS
WITH applied AS (
    SELECT
        standing.*,
        coalesce(named.survivor_item_no, similar_title.survivor_item_no) AS survivor_item_no,
        CASE WHEN named.item_no IS NOT NULL THEN named.survivor_kind WHEN similar_title.item_no IS NOT NULL THEN 'similar' END AS survivor_kind,
        coalesce(named.survivor_copies, CASE WHEN similar_title.item_no IS NOT NULL THEN 1 END) AS survivor_copies,
        similar_title.shared_words AS survivor_words,
        eligible AND (named.item_no IS NOT NULL OR similar_title.item_no IS NOT NULL) AS goes,
        coalesce(held.last, false) AND similar_title.item_no IS NULL AS last_copy
    FROM standing
    LEFT JOIN named ON named.item_no = standing.item_no
    LEFT JOIN held ON held.item_no = standing.item_no
    LEFT JOIN similar_title ON similar_title.item_no = standing.item_no
),
weighed AS (
    SELECT
        *,
        {candidate_criterion} AS candidate_criterion,
        {asked_criterion} AS asked_criterion,
        {asking_rule} AS asking_rule,
        {unknown_rule} AS unknown_rule,
        {protectors} AS protected_by,
        {protector} AS protector
    FROM applied
),
decided AS (
    SELECT
        *,
        CASE
            WHEN candidate_criterion IS NOT NULL THEN 'candidate'
            WHEN asking_rule IS NOT NULL THEN 'ask'
            WHEN eligible AND coalesce(location, 'open') = 'open' AND {closed_stacks} IS NOT NULL THEN 'move'
            WHEN eligible OR protector IS NOT NULL THEN 'keep'
            WHEN unknown_rule IS NOT NULL THEN 'unknown'
        END AS verdict
    FROM weighed
)
SELECT
    item_no, bib_no, unit_no, branch, location, shelf_class, ndc, audience, material, local, received, never_lent,
    shelf_order, pub_year, last_use, idle_years,
    years_held, years_published, years_since_issue, years_overdue, years_since_reminder, years_since_missing,
    inventories_missed,
    loans_1y, loans_3y, in_house_1y, holds, copies, copies_branch, surplus, superseded, usable,
    class_idle_years, class_shelf_life, use_only, subject_literature, circulates, annual, retention_years,
    retention_permanent, local_clue, listed, kept, kept_until, named_collection,
    verdict,
    coalesce(candidate_criterion, asked_criterion) AS criterion,
    {criteria} AS criteria,
    CASE verdict
        WHEN 'candidate' THEN {candidate_rule}
        WHEN 'ask' THEN asking_rule
        WHEN 'move' THEN {closed_stacks}
        WHEN 'keep' THEN coalesce(protector, {last_copy})
        WHEN 'unknown' THEN unknown_rule
    END AS rule,
    CASE WHEN verdict = 'candidate' THEN {route} END AS route,
    CASE WHEN goes THEN survivor_item_no END AS survivor_item_no,
    CASE WHEN goes THEN survivor_kind END AS survivor_kind,
    CASE WHEN goes THEN survivor_copies END AS survivor_copies,
    CASE WHEN goes THEN survivor_words END AS survivor_words,
    CASE WHEN last_copy THEN concat_ws(';', protected_by, {last_copy}) ELSE protected_by END AS protected_by,
    CASE WHEN verdict = 'move' THEN 'closed_stack' ELSE {advice} END AS advice,
    score_use, score_freshness, score_scarcity, score_priority,
    {score} AS score
FROM decided
