-- Which copy could move from a branch that can spare it to one that lacks it? One row an item, every item once.
-- A branch needs as many copies of a unit as its holds (where the records tell the volume) and its loans ask for, and one unless
-- all it has are asleep on open shelves: idle for the idle years of their class. What it has beyond that it can spare, of the
-- copies that are surplus or asleep, least used first; not what is on loan, protected (but by rules of $allowing), decided on,
-- superseded or past the shelf life of its class. A branch lacks copies when its holds or, with none asleep, its loans ask for
-- more than it has ('holds', 'use'); or when it has no edition of a work that goes out at least $well_used times a copy and
-- year elsewhere ('none'), first where that class is lent most.
-- Filled in by duplicates.py: leaving, duplicates_leaving. Reads decided, and forecast and branch_forecast, which only stand beside.
-- Parameters: $holds_per_copy, $loans_per_copy, $well_used, $allowing (rule ids).
WITH leaving AS (
{leaving}
),
free AS MATERIALIZED (
    SELECT item_no, unit_no
    FROM judged JOIN (SELECT item_no, status FROM facts_of_day.item) AS item USING (item_no)
    WHERE copies > 1 AND usable AND circulates AND NOT superseded
        AND (surplus OR idle_years >= class_idle_years)
        AND (coalesce(use_only, false) OR class_shelf_life IS NULL OR years_published <= class_shelf_life)
        AND (protected_by IS NULL OR list_has_all($allowing, string_split(protected_by, ';')))
        AND coalesce(status, 'available') = 'available'
        AND item_no NOT IN (SELECT item_no FROM decided WHERE tag IS NOT NULL OR entry IS NOT NULL OR road <> 'readmitted')
        AND unit_no IN (  -- the others have no demand anywhere
            SELECT unit_no FROM judged WHERE copies > 1 AND (holds > 0 OR loans_1y >= least($loans_per_copy, $well_used))
        )
),
alike AS MATERIALIZED (
    SELECT
        item_no, unit_no, branch, shelf_class, last_use, loans_1y, loans_3y,
        usable AND circulates AND item_no NOT IN (SELECT item_no FROM leaving) AS lends,
        coalesce(idle_years >= class_idle_years, false) AS asleep, coalesce(location = 'open', false) AS open,
        item_no IN (SELECT item_no FROM free) AS free
    FROM judged
    WHERE unit_no IN (SELECT unit_no FROM free)
),
record AS (  -- editions whose holds are for one unit
    SELECT title_no, any_value(unit_no) AS unit_no
    FROM (SELECT bib.unit_no AS title_no, judged.unit_no FROM judged JOIN facts_of_day.bib USING (bib_no) WHERE holds > 0)
    GROUP BY title_no
    HAVING count(DISTINCT unit_no) = 1
),
waiting AS (
    SELECT record.unit_no, hold.branch, sum(hold.holds)::BIGINT AS holds
    FROM facts_of_day.hold JOIN facts_of_day.bib USING (bib_no) JOIN record ON record.title_no = bib.unit_no
    WHERE record.unit_no IN (SELECT unit_no FROM free) AND hold.branch IS NOT NULL
    GROUP BY record.unit_no, hold.branch
),
standing AS (
    SELECT
        unit_no, branch, count(*) FILTER (lends) AS copies, sum(loans_1y)::BIGINT AS loans,
        sum(loans_1y) FILTER (lends)::BIGINT AS lent,
        coalesce(bool_and(asleep AND open) FILTER (lends), true) AS unneeded,
        coalesce(bool_or(asleep) FILTER (lends), false) AS sleeper
    FROM alike
    GROUP BY unit_no, branch
),
place AS MATERIALIZED (
    SELECT
        unit_no, branch, coalesce(copies, 0) AS copies, loans, coalesce(holds, 0) AS holds,
        coalesce(ceil(holds / $holds_per_copy), 0)::BIGINT AS awaited, lent,
        greatest(awaited, ceil(loans / $loans_per_copy), (NOT unneeded)::INTEGER)::BIGINT AS needed,
        greatest(awaited, CASE WHEN NOT sleeper THEN ceil(lent / $loans_per_copy) END)::BIGINT AS wanted
    FROM standing FULL JOIN waiting USING (unit_no, branch)
),
offered AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY unit_no ORDER BY last_use NULLS FIRST, loans_3y, item_no DESC) AS turn
    FROM (
        SELECT alike.*, place.copies, place.loans, place.copies - place.needed AS spare
        FROM alike JOIN place USING (unit_no, branch)
        WHERE place.copies > place.needed AND place.loans IS NOT NULL AND free
        QUALIFY row_number() OVER (
            PARTITION BY unit_no, branch ORDER BY last_use NULLS FIRST, loans_3y, item_no DESC
        ) <= spare
    )
),
well_used AS (
    SELECT unit_no, any_value(shelf_class) AS shelf_class, any_value(work_no) AS work_no
    FROM alike JOIN (SELECT item_no, work_no FROM facts_of_day.item) AS item USING (item_no)
    WHERE unit_no IN (SELECT unit_no FROM offered)
    GROUP BY unit_no
    HAVING sum(loans_1y) FILTER (lends) >= $well_used * count(*) FILTER (lends)
),
present AS (
    SELECT DISTINCT work_no, judged.branch
    FROM judged JOIN (SELECT item_no, work_no FROM facts_of_day.item) AS item USING (item_no)
    WHERE usable AND circulates AND item_no NOT IN (SELECT item_no FROM leaving)
        AND work_no IN (SELECT work_no FROM well_used)
),
shelf AS (  -- eager: 1 where the class was lent most in the last year with figures
    SELECT branch, shelf_class, row_number() OVER (PARTITION BY shelf_class ORDER BY sum(loans) DESC, branch) AS eager
    FROM year_cell
    WHERE loans > 0 AND fiscal_year = (SELECT max(fiscal_year) FROM year_cell WHERE loans > 0)
    GROUP BY branch, shelf_class
),
lacking AS (  -- demand: 0 holds, 1 use, 2 none
    SELECT
        unit_no, branch, CASE WHEN awaited > copies THEN 0 ELSE 1 END AS demand, copies, lent, holds, 0 AS eager,
        wanted - copies AS lacks
    FROM place
    WHERE wanted > copies
    UNION ALL
    SELECT well_used.unit_no, shelf.branch, 2, 0, NULL, 0, eager, 1
    FROM well_used
    JOIN shelf USING (shelf_class)
    ANTI JOIN present ON present.work_no = well_used.work_no AND present.branch = shelf.branch
    ANTI JOIN waiting ON waiting.unit_no = well_used.unit_no AND waiting.branch = shelf.branch
),
slot AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY unit_no ORDER BY demand, nth, holds DESC, lent DESC NULLS LAST, eager, branch
        ) AS turn
    FROM (SELECT *, unnest(range(lacks)) AS nth FROM lacking WHERE unit_no IN (SELECT unit_no FROM offered))
)
SELECT
    offered.item_no, offered.branch, slot.branch AS to_branch, ['holds', 'use', 'none'][slot.demand + 1] AS demand,
    slot.holds, slot.copies AS copies_there, slot.lent AS loans_there, offered.copies, offered.loans AS loans_1y,
    here.loans_12 AS forecast_here, here.low_12 AS low_here, here.high_12 AS high_here,
    there.loans_12 AS forecast_there, there.low_12 AS low_there, there.high_12 AS high_there
FROM offered JOIN slot USING (unit_no, turn)
LEFT JOIN forecast AS here ON here.item_no = offered.item_no
LEFT JOIN branch_forecast AS there ON there.unit_no = offered.unit_no AND there.branch = slot.branch
ORDER BY slot.demand, slot.holds DESC, loans_there DESC NULLS LAST, offered.item_no
