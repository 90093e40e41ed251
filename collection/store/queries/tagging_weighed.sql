-- What do the rules say to one tag on each item of a scope? Filled in by tagging.py: scope, rows of judged.
-- clause: the criterion that 除籍 would rest on (the item's own when it is a candidate; else what the rules ask about, cannot
-- tell, or leave to the hand of a person), for other tags the criterion that the rules see; NULL: none.
-- against: it goes against the recommendation. left_out: why it cannot be (no_criterion, protected, there); protector: by
-- which rule. Parameters: tag_state, a tag; clause, as a person gives it, or NULL; to, the branch of 他館へ, or NULL;
-- agreeing, the verdicts ('none' = untouched) the tag agrees with; advised, the advice that it follows;
-- stopping, "rule clause" of protections that keep from a criterion; by_hand, criteria for the hand of a person;
-- unknown, rule → its criterion (lists unknown_rules, unknown_clauses); needing, the criteria that need a survivor:
-- where nobody names a criterion, what keeps from one of them protects.
-- Read by tagging.py.
WITH scope AS (
{scope}
),
fact AS (
    SELECT
        scope.item_no, scope.shelf_class, scope.verdict, scope.criterion, scope.usable, scope.holds,
        scope.branch, scope.location, item.item_id, item.work_no, item.price, item.status,
        coalesce(item.source, '') = 'deposit' AS deposit,
        string_split(coalesce(scope.protected_by, ''), ';') AS protectors,
        CASE scope.verdict
            WHEN 'candidate' THEN string_split(scope.criteria, ';')
            WHEN 'ask' THEN string_split(scope.criteria, ';')
            WHEN 'unknown' THEN [$unknown_clauses[list_position($unknown_rules, scope.rule)]]
        END AS possible,
        $tag_state NOT IN ('hold', 'repair')
            AND NOT list_has_any(string_split(coalesce(scope.advice, ''), ';'), $advised)
            AND NOT list_contains($agreeing, coalesce(scope.verdict, 'none')) AS against
    FROM scope
    JOIN facts_of_day.item AS item ON item.item_no = scope.item_no
),
ground AS (
    SELECT
        *,
        CASE
            WHEN $tag_state <> 'withdraw' THEN criterion
            WHEN list_contains(possible, $clause) THEN $clause
            WHEN verdict = 'candidate' THEN criterion
            WHEN $clause IS NULL AND len(possible) = 1 THEN possible[1]
            WHEN list_contains($by_hand, $clause) AND NOT deposit THEN $clause
        END AS clause
    FROM fact
),
stopped AS (
    SELECT
        *,
        CASE WHEN $tag_state = 'withdraw' THEN list_filter(
            protectors,
            lambda rule: list_has_any($stopping::VARCHAR[], list_transform(
                CASE WHEN coalesce(clause, $clause) IS NULL THEN $needing::VARCHAR[] ELSE [coalesce(clause, $clause)] END,
                lambda met: rule || ' ' || met
            ))
        )[1] END AS protector
    FROM ground
)
SELECT
    item_no, item_id, shelf_class, work_no, verdict, usable, holds, price, status, clause, against, protector,
    CASE
        WHEN protector IS NOT NULL THEN 'protected'
        WHEN $tag_state = 'withdraw' AND clause IS NULL THEN 'no_criterion'
        WHEN ($tag_state = 'stacks' AND location = 'closed') OR ($tag_state = 'branch' AND branch = $to) THEN 'there'
    END AS left_out
FROM stopped
