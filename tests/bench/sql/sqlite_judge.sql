-- The rules of the pack written straight in SQLite, by hand, step by step into temporary tables. Parameters: see
-- in_sqlite.py. is_annual, has_clue, points_here, in_clue_class and by_listed_author are Python functions
-- there, as SQLite has no regular expressions.
CREATE TEMP TABLE item_use AS
SELECT
    item_no,
    max(CASE WHEN loans > 0 OR in_house > 0 THEN month END) AS last_month,
    sum(CASE WHEN month > :last_month - 12 THEN loans ELSE 0 END) AS loans_1y,
    sum(CASE WHEN month > :last_month - 36 THEN loans ELSE 0 END) AS loans_3y,
    sum(CASE WHEN month > :last_month - 12 THEN in_house END) AS in_house_1y,
    count(in_house) AS counted
FROM loan
WHERE month <= :last_month
GROUP BY item_no;

CREATE UNIQUE INDEX temp.item_use_key ON item_use (item_no);

CREATE TEMP TABLE counting AS
SELECT DISTINCT branch FROM item_use JOIN item USING (item_no) WHERE counted > 0;

CREATE TEMP TABLE class_value (
    class_key TEXT PRIMARY KEY, class_idle_years INTEGER, class_shelf_life INTEGER, use_only INTEGER, similar INTEGER, here INTEGER
) WITHOUT ROWID;

INSERT INTO class_value
SELECT class_key, idle_years, shelf_life, use_only, similar, in_clue_class(class_key)
FROM (
    SELECT
        class_key, class_rule.*,
        row_number() OVER (PARTITION BY class_key ORDER BY length(prefix) DESC) AS place
    FROM (SELECT DISTINCT coalesce(ndc, class_mark) AS class_key FROM bib)
    JOIN class_rule ON substr(class_key, 1, length(prefix)) = prefix
)
WHERE place = 1;

CREATE TEMP TABLE unit_hold (unit_no INTEGER PRIMARY KEY, holds INTEGER);

INSERT INTO unit_hold SELECT unit_no, sum(holds) FROM hold JOIN bib USING (bib_no) GROUP BY unit_no;

CREATE TEMP TABLE bib_fact (
    bib_no INTEGER PRIMARY KEY, edition_rank, pub_year, material, local, ndc, class_idle_years, class_shelf_life, use_only,
    subject_literature, annual, holds, retention_years, retention_permanent, local_clue, is_listed
);

INSERT INTO bib_fact
SELECT
    bib.bib_no, bib.edition_rank, bib.pub_year, bib.material, bib.local, bib.ndc,
    class_value.class_idle_years, class_value.class_shelf_life, class_value.use_only,
    class_value.similar AND coalesce(bib.material, 'book') = 'book',
    coalesce(bib.material = 'yearbook', 0)
        OR (
            (instr(title, '白書') OR instr(title, '年鑑') OR instr(title, '年報'))
            AND is_annual(title)
        ),
    coalesce(unit_hold.holds, 0),
    retention.years, coalesce(retention.permanent, 0),
    bib.local IS NULL AND (
        class_value.here
        OR (
            has_clue(title || coalesce(' ' || series, '') || coalesce(' ' || author, '') || coalesce(' ' || publisher, '') || coalesce(' ' || subjects, ''))
            AND points_here(title, series, author, publisher, subjects)
        )
    ),
    coalesce(by_listed_author(bib.author), 0)
FROM bib
LEFT JOIN class_value ON class_value.class_key = coalesce(bib.ndc, bib.class_mark)
LEFT JOIN unit_hold ON unit_hold.unit_no = bib.unit_no
LEFT JOIN retention ON retention.bib_no = bib.bib_no;

CREATE TEMP TABLE base (
    item_no INTEGER PRIMARY KEY, bib_no INTEGER, work_no INTEGER, unit_no INTEGER, branch TEXT, location TEXT, status TEXT,
    condition TEXT, source TEXT, accession_date INTEGER, reminders INTEGER, unrecoverable INTEGER, retention TEXT,
    issue_date INTEGER, circulates INTEGER, last_use INTEGER, loans_1y INTEGER, loans_3y INTEGER, in_house_1y INTEGER,
    usable INTEGER, edition_rank INTEGER, material TEXT, local TEXT, ndc TEXT, class_idle_years INTEGER,
    class_shelf_life INTEGER, use_only INTEGER, subject_literature INTEGER, annual INTEGER, holds INTEGER,
    retention_years REAL, retention_permanent INTEGER, local_clue INTEGER, is_listed INTEGER, years_published INTEGER,
    idle_years INTEGER, years_held INTEGER, years_since_issue REAL, years_overdue INTEGER,
    years_since_reminder INTEGER, years_since_missing INTEGER
);

INSERT INTO base
WITH known AS MATERIALIZED (
    SELECT
        item.*,
        coalesce(item.location, '') NOT IN ('reference', 'office') AND coalesce(bib_fact.material, '') <> 'reference' AS circulates,
        counting.branch IS NOT NULL AS counted,
        min(:as_of, coalesce(max(item.last_loan_date, month_end.day), item.last_loan_date, month_end.day)) AS last_use,
        coalesce(item_use.loans_1y, 0) AS loans_1y,
        coalesce(item_use.loans_3y, 0) AS loans_3y,
        CASE WHEN counting.branch IS NOT NULL THEN coalesce(item_use.in_house_1y, 0) END AS in_house_1y,
        coalesce(item.status, '') NOT IN ('missing', 'withdrawn')
            AND coalesce(item.condition, '') NOT IN ('soiled', 'damaged')
            AND NOT coalesce(item.unrecoverable, 0)
            AND coalesce(item.source, '') <> 'deposit' AS usable,
        bib_fact.edition_rank, bib_fact.material, bib_fact.local, bib_fact.ndc, bib_fact.class_idle_years,
        bib_fact.class_shelf_life, bib_fact.use_only, bib_fact.subject_literature,
        coalesce(bib_fact.annual, 0) AS annual, coalesce(bib_fact.holds, 0) AS holds,
        bib_fact.retention_years, coalesce(bib_fact.retention_permanent, 0) AS retention_permanent,
        coalesce(bib_fact.local_clue, 0) AS local_clue, coalesce(bib_fact.is_listed, 0) AS is_listed,
        :as_of / 10000 - bib_fact.pub_year AS years_published
    FROM item
    LEFT JOIN item_use ON item_use.item_no = item.item_no
    LEFT JOIN month_end ON month_end.month = item_use.last_month
    LEFT JOIN bib_fact ON bib_fact.bib_no = item.bib_no
    LEFT JOIN counting ON counting.branch = item.branch
    WHERE item.gone_on IS NULL AND item.status IS NOT 'withdrawn'
)
SELECT
    item_no, bib_no, work_no, unit_no, branch, location, status, condition, source, accession_date,
    coalesce(reminders, 0), coalesce(unrecoverable, 0), retention, issue_date, circulates, last_use, loans_1y, loans_3y,
    in_house_1y, usable, edition_rank, material, local, ndc, class_idle_years, class_shelf_life, use_only,
    subject_literature, annual, holds, retention_years, retention_permanent, local_clue, is_listed, years_published,
    (:as_of - CASE
        WHEN last_use IS NOT NULL AND (circulates OR counted) THEN max(last_use, coalesce(accession_date, 0))
        WHEN circulates AND never_lent THEN coalesce(accession_date, :loans_from)
        WHEN circulates OR counted THEN max(:loans_from, coalesce(accession_date, 0))
    END) / 10000,
    (:as_of - coalesce(accession_date, last_use)) / 10000,
    (
        (:as_of / 10000 - issue_date / 10000) * 12 + :as_of / 100 % 100 - issue_date / 100 % 100
        - (:as_of % 100 < issue_date % 100)
    ) / 12.0,
    (:as_of - due_date) / 10000,
    (:as_of - last_reminder_date) / 10000,
    -- from the end of the fiscal year in which the loss was confirmed
    (:as_of - ((missing_confirmed_on / 10000 + (missing_confirmed_on / 100 % 100 > 3)) * 10000 + 331)) / 10000
FROM known;

CREATE TEMP TABLE several (work_no INTEGER PRIMARY KEY);

INSERT INTO several SELECT work_no FROM item GROUP BY work_no HAVING count(*) > 1;

CREATE TEMP TABLE at_branch (
    unit_no INTEGER, branch TEXT, work_no INTEGER, edition_rank INTEGER, copies INTEGER, loans_1y INTEGER,
    PRIMARY KEY (unit_no, branch)
) WITHOUT ROWID;

INSERT INTO at_branch
SELECT unit_no, branch, work_no, edition_rank, sum(usable), sum(loans_1y)
FROM base
WHERE work_no IN several
GROUP BY unit_no, branch;

CREATE TEMP TABLE unit (unit_no INTEGER PRIMARY KEY, work_no INTEGER, edition_rank INTEGER, copies INTEGER);

INSERT INTO unit SELECT unit_no, work_no, edition_rank, sum(copies) FROM at_branch GROUP BY unit_no;

CREATE TEMP TABLE newest (work_no INTEGER PRIMARY KEY, edition_rank INTEGER);

INSERT INTO newest SELECT work_no, max(edition_rank) FROM unit WHERE copies > 0 AND edition_rank IS NOT NULL GROUP BY work_no;

CREATE TEMP TABLE surplus (item_no INTEGER PRIMARY KEY);

INSERT INTO surplus
SELECT item_no
FROM (
    SELECT
        base.item_no,
        max(1, (at_branch.loans_1y + :loans_per_copy - 1) / :loans_per_copy) AS asked_for,
        row_number() OVER (
            PARTITION BY base.unit_no, base.branch
            ORDER BY base.last_use DESC NULLS LAST, base.loans_3y DESC, base.item_no
        ) AS place
    FROM at_branch
    CROSS JOIN item USING (unit_no, branch)
    JOIN base ON base.item_no = item.item_no
    WHERE at_branch.copies > 1 AND base.usable
)
WHERE place > asked_for
;

-- What each rule says, and the figures behind the score. r4 is NULL where it cannot be told.
CREATE TEMP TABLE ruled (
    item_no INTEGER PRIMARY KEY, work_no INTEGER, unit_no INTEGER, edition_rank INTEGER, branch TEXT, location TEXT,
    on_shelf INTEGER, last_use INTEGER, loans_3y INTEGER, usable INTEGER, ndc TEXT, bib_no INTEGER, subject_literature INTEGER,
    km_5_2_1, km_5_2_2, km_5_2_3, km_6_3, km_7_1, km_7_1_term, km_8_1_holds, km_8_1_in_use, km_8_1_new, km_13_2,
    cc_3_4_3, cc_3_5_1, cc_3_5_3, clue, repair, unreturned, damaged, low, lost, outdated, written_off, replace_it, route_4,
    score_use REAL, score_freshness REAL, score_scarcity REAL, score_priority REAL
);

INSERT INTO ruled
SELECT
    base.item_no, base.work_no, base.unit_no, base.edition_rank, base.branch, location, coalesce(status, 'available') = 'available',
    last_use, base.loans_3y, usable, ndc, bib_no, subject_literature,
    local IS NOT NULL AND (instr(';' || local || ';', ';local;') OR instr(';' || local || ';', ';official;')),
    local IS NOT NULL AND (instr(';' || local || ';', ';sake;') OR instr(';' || local || ';', ';lucky_gods;')),
    local IS NOT NULL AND instr(';' || local || ';', ';human_rights;') > 0,
    retention IS NOT NULL,
    retention_permanent,
    (
        coalesce(material, '') IN ('periodical', 'newspaper', 'yearbook') OR retention_years IS NOT NULL OR retention_permanent
        OR (material IS NULL AND issue_date IS NOT NULL)
    ) AND NOT retention_permanent AND years_since_issue < retention_years,
    usable AND holds > 0,
    coalesce(status, '') IN ('on_loan', 'on_hold_shelf'),
    accession_date IS NOT NULL AND years_held < :new_years,
    coalesce(source, '') = 'deposit',
    annual,
    local IS NOT NULL AND (
        instr(';' || local || ';', ';local;') OR instr(';' || local || ';', ';sake;')
        OR instr(';' || local || ';', ';lucky_gods;') OR instr(';' || local || ';', ';washi;')
    ),
    is_listed,
    local_clue,
    coalesce(condition, '') = 'repairable',
    coalesce(status, '') = 'on_loan' AND years_overdue >= :overdue_years
        AND NOT (unrecoverable AND reminders >= 1 AND coalesce(years_since_reminder, :reminder_years) < :reminder_years),
    coalesce(condition, '') IN ('soiled', 'damaged'),
    idle_years >= class_idle_years
        AND (
            coalesce(unit.edition_rank < newest.edition_rank, 0)
            OR surplus.item_no IS NOT NULL
            OR (use_only AND idle_years >= :use_only_years)
            OR (NOT use_only AND years_published > class_shelf_life)
        )
        AND coalesce(status, '') <> 'missing',
    coalesce(status, '') = 'missing' AND years_since_missing >= :missing_years,
    (
        coalesce(material, '') IN ('periodical', 'newspaper', 'yearbook') OR retention_years IS NOT NULL OR retention_permanent
        OR (material IS NULL AND issue_date IS NOT NULL)
    ) AND years_since_issue >= retention_years,
    coalesce(status, '') = 'on_loan' AND years_overdue >= :overdue_years AND unrecoverable
        AND reminders >= 1 AND coalesce(years_since_reminder, :reminder_years) < :reminder_years,
    (holds > 0 OR base.loans_1y > 0) AND coalesce(unit.copies, usable) = 0,
    CASE
        WHEN status = 'missing' THEN 'record_only'
        WHEN condition IN ('soiled', 'damaged', 'repairable') THEN 'discard'
        ELSE 'give_away'
    END,
    min(100.0, coalesce(CASE WHEN circulates THEN base.loans_3y * 10.0 ELSE in_house_1y * 20.0 END, :use_unknown)),
    max(0.0, min(100.0, coalesce(
        CASE
            WHEN use_only THEN 100 - 100.0 * idle_years / :use_only_years
            ELSE 100 - 50.0 * years_published / class_shelf_life
        END,
        :freshness_unknown
    ))),
    CASE WHEN coalesce(unit.copies, usable) <= 1 THEN 100.0 ELSE 100.0 / unit.copies END,
    CASE
        WHEN local IS NOT NULL OR retention IS NOT NULL THEN 100
        WHEN is_listed THEN 80
        WHEN local_clue THEN 60
        WHEN coalesce(material, '') IN ('reference', 'yearbook') THEN 50
        ELSE 20
    END
FROM base
LEFT JOIN unit ON unit.unit_no = base.unit_no
LEFT JOIN newest ON newest.work_no = base.work_no
LEFT JOIN surplus ON surplus.item_no = base.item_no;

-- Where each item stands under each criterion: candidate, keep, ask, no, or NULL.
CREATE TEMP TABLE standing (
    item_no INTEGER PRIMARY KEY, s1 TEXT, s2 TEXT, s3 TEXT, s4 TEXT, s5 TEXT, eligible INTEGER, leaving INTEGER
);

INSERT INTO standing
SELECT
    *,
    s2 IS 'candidate',
    s1 IS 'candidate' OR s3 IS 'candidate' OR s4 IS 'candidate' OR s5 IS 'candidate'
        OR (SELECT coalesce(unreturned, 0) FROM ruled WHERE ruled.item_no = stood.item_no)
FROM (
    SELECT
        item_no,
        CASE
            WHEN NOT damaged THEN 'no'
            WHEN km_13_2 THEN 'keep'
            WHEN km_5_2_1 OR clue OR km_5_2_2 OR km_5_2_3 OR km_6_3 OR km_8_1_holds OR km_8_1_in_use OR km_8_1_new
                OR cc_3_4_3 OR cc_3_5_1 OR cc_3_5_3 THEN 'ask'
            ELSE 'candidate'
        END AS s1,
        CASE
            WHEN NOT low THEN 'no'
            WHEN low IS NULL THEN NULL
            WHEN km_5_2_1 OR km_5_2_2 OR km_5_2_3 OR km_6_3 OR km_7_1 OR km_7_1_term OR km_8_1_holds OR km_8_1_in_use
                OR km_8_1_new OR km_13_2 OR cc_3_4_3 OR cc_3_5_1 OR cc_3_5_3 THEN 'keep'
            WHEN clue THEN 'ask'
            WHEN km_7_1_term IS NULL THEN NULL
            ELSE 'candidate'
        END AS s2,
        CASE WHEN NOT lost THEN 'no' WHEN lost IS NULL THEN NULL WHEN km_13_2 THEN 'ask' ELSE 'candidate' END AS s3,
        CASE
            WHEN NOT outdated THEN 'no'
            WHEN outdated IS NULL THEN NULL
            WHEN km_6_3 OR km_7_1 OR km_8_1_in_use OR km_13_2 OR cc_3_4_3 THEN 'keep'
            WHEN km_5_2_1 OR clue OR km_5_2_2 OR km_5_2_3 OR cc_3_5_1 OR cc_3_5_3 THEN 'ask'
            ELSE 'candidate'
        END AS s4,
        CASE WHEN NOT written_off THEN 'no' WHEN written_off IS NULL THEN NULL WHEN km_13_2 THEN 'ask' ELSE 'candidate' END AS s5
    FROM ruled
) AS stood;

CREATE TEMP TABLE concerned (work_no INTEGER PRIMARY KEY);

INSERT OR IGNORE INTO concerned SELECT work_no FROM standing JOIN ruled USING (item_no) WHERE eligible;

CREATE TEMP TABLE work_item (
    item_no INTEGER PRIMARY KEY, unit_no INTEGER, work_no INTEGER, edition_rank INTEGER, branch TEXT, eligible INTEGER,
    can_stay INTEGER, preference INTEGER
);

INSERT INTO work_item
SELECT
    ruled.item_no, ruled.unit_no, ruled.work_no, ruled.edition_rank, ruled.branch, eligible, usable AND NOT leaving,
    row_number() OVER (
        PARTITION BY ruled.unit_no
        ORDER BY on_shelf DESC, last_use DESC NULLS LAST, loans_3y DESC, ruled.item_no
    )
FROM ruled
JOIN standing ON standing.item_no = ruled.item_no
WHERE ruled.work_no IN concerned;

CREATE TEMP TABLE held AS
WITH unit_of AS (
    SELECT work_no, unit_no, edition_rank, sum(can_stay AND NOT eligible) AS keepers
    FROM work_item
    GROUP BY work_no, unit_no
),
best AS (
    SELECT unit_no, item_no, min(preference) FROM work_item WHERE can_stay AND eligible GROUP BY unit_no
),
kept AS (
    SELECT work_no, max(CASE WHEN keepers > 0 THEN edition_rank END) AS newest_kept, sum(keepers) AS keepers
    FROM unit_of
    GROUP BY work_no
),
bare AS (
    SELECT
        unit_of.work_no, unit_of.edition_rank, best.item_no, kept.keepers = 0 AS last,
        max(unit_of.edition_rank) OVER (PARTITION BY unit_of.work_no) AS top
    FROM unit_of
    JOIN kept USING (work_no)
    JOIN best USING (unit_no)
    WHERE unit_of.keepers = 0 AND coalesce(unit_of.edition_rank < kept.newest_kept, 0) = 0
)
SELECT work_no, item_no, last FROM bare WHERE edition_rank IS NULL OR edition_rank = top;

CREATE UNIQUE INDEX temp.held_key ON held (item_no);

CREATE TEMP TABLE stayer AS
SELECT * FROM work_item WHERE can_stay AND (NOT eligible OR item_no IN (SELECT item_no FROM held));

CREATE TEMP TABLE stays_at (unit_no INTEGER, branch TEXT, item_no INTEGER, preference INTEGER, PRIMARY KEY (unit_no, branch)) WITHOUT ROWID;

INSERT INTO stays_at SELECT unit_no, branch, item_no, min(preference) FROM stayer GROUP BY unit_no, branch;

CREATE TEMP TABLE stays_unit (unit_no INTEGER PRIMARY KEY, item_no INTEGER, preference INTEGER);

INSERT INTO stays_unit SELECT unit_no, item_no, min(preference) FROM stays_at GROUP BY unit_no;

CREATE TEMP TABLE stays_work (work_no INTEGER PRIMARY KEY, unit_no INTEGER, edition_rank INTEGER);

INSERT INTO stays_work
SELECT work_no, unit_no, max(edition_rank) FROM stayer WHERE edition_rank IS NOT NULL GROUP BY work_no;

CREATE TEMP TABLE named (item_no INTEGER PRIMARY KEY, survivor_item_no INTEGER, survivor_kind TEXT);

INSERT INTO named
SELECT
    going.item_no,
    coalesce(stays_at.item_no, copy.item_no, newer.item_no),
    CASE WHEN copy.item_no IS NOT NULL THEN 'copy' ELSE 'edition' END
FROM work_item AS going
LEFT JOIN stays_at ON stays_at.unit_no = going.unit_no AND stays_at.branch = going.branch
LEFT JOIN stays_unit AS copy ON copy.unit_no = going.unit_no
LEFT JOIN stays_work ON stays_work.work_no = going.work_no AND going.edition_rank < stays_work.edition_rank
LEFT JOIN stays_unit AS newer ON newer.unit_no = stays_work.unit_no
WHERE going.eligible AND going.item_no NOT IN (SELECT item_no FROM held)
    AND coalesce(copy.item_no, newer.item_no) IS NOT NULL;

CREATE TEMP TABLE similar_title (item_no INTEGER PRIMARY KEY, survivor_item_no INTEGER);

INSERT INTO similar_title
SELECT item_no, survivor_item_no
FROM (
    SELECT
        held.item_no, ruled.item_no AS survivor_item_no,
        row_number() OVER (
            PARTITION BY held.item_no ORDER BY neighbour.score DESC, coalesce(ruled.last_use, 0) DESC, ruled.item_no
        ) AS place
    FROM held
    CROSS JOIN ruled AS own ON own.item_no = held.item_no AND own.subject_literature
    CROSS JOIN bib ON bib.bib_no = own.bib_no
    CROSS JOIN neighbour ON neighbour.bib_no = own.bib_no AND length(neighbour.class) >= 5
    CROSS JOIN bib AS other ON other.bib_no = neighbour.other_no AND other.title_key <> bib.title_key
    CROSS JOIN item ON item.bib_no = other.bib_no
    CROSS JOIN ruled ON ruled.item_no = item.item_no AND ruled.work_no <> held.work_no
    CROSS JOIN standing ON standing.item_no = item.item_no
    WHERE NOT held.last AND held.item_no NOT IN (SELECT survivor_item_no FROM named)
        AND ruled.usable AND ruled.subject_literature AND NOT eligible AND NOT leaving
)
WHERE place = 1;

CREATE TEMP TABLE judged AS
WITH applied AS MATERIALIZED (
    SELECT
        ruled.*, s1, s2, s3, s4, s5, eligible,
        coalesce(named.survivor_item_no, similar_title.survivor_item_no) AS survivor,
        CASE WHEN named.item_no IS NOT NULL THEN named.survivor_kind WHEN similar_title.item_no IS NOT NULL THEN 'similar' END AS kind,
        eligible AND (named.item_no IS NOT NULL OR similar_title.item_no IS NOT NULL) AS goes,
        coalesce(held.last, 0) AND similar_title.item_no IS NULL AS last_copy
    FROM ruled
    JOIN standing ON standing.item_no = ruled.item_no
    LEFT JOIN named ON named.item_no = ruled.item_no
    LEFT JOIN held ON held.item_no = ruled.item_no
    LEFT JOIN similar_title ON similar_title.item_no = ruled.item_no
),
weighed AS MATERIALIZED (
    SELECT
        *,
        CASE
            WHEN s1 = 'candidate' THEN '8-2-1'
            WHEN goes THEN '8-2-2'
            WHEN s3 = 'candidate' THEN '8-2-3'
            WHEN s4 = 'candidate' THEN '8-2-4'
            WHEN s5 = 'candidate' THEN '8-2-5'
        END AS going,
        CASE
            WHEN s1 = 'ask' THEN '8-2-1'
            WHEN s2 = 'ask' THEN '8-2-2'
            WHEN s3 = 'ask' THEN '8-2-3'
            WHEN s4 = 'ask' THEN '8-2-4'
            WHEN s5 = 'ask' THEN '8-2-5'
        END AS asked,
        CASE
            WHEN km_5_2_1 OR km_5_2_2 OR km_5_2_3 OR km_6_3 OR km_7_1 OR km_7_1_term OR km_8_1_holds OR km_8_1_in_use
                OR km_8_1_new OR km_13_2 OR cc_3_4_3 OR cc_3_5_1 OR cc_3_5_3
            THEN substr(
                CASE WHEN km_5_2_1 THEN ';km-5-2-1' ELSE '' END || CASE WHEN km_5_2_2 THEN ';km-5-2-2' ELSE '' END
                || CASE WHEN km_5_2_3 THEN ';km-5-2-3' ELSE '' END || CASE WHEN km_6_3 THEN ';km-6-3' ELSE '' END
                || CASE WHEN km_7_1 THEN ';km-7-1' ELSE '' END || CASE WHEN km_7_1_term THEN ';km-7-1-term' ELSE '' END
                || CASE WHEN km_8_1_holds THEN ';km-8-1-holds' ELSE '' END
                || CASE WHEN km_8_1_in_use THEN ';km-8-1-in-use' ELSE '' END
                || CASE WHEN km_8_1_new THEN ';km-8-1-new' ELSE '' END || CASE WHEN km_13_2 THEN ';km-13-2' ELSE '' END
                || CASE WHEN cc_3_4_3 THEN ';cc-3-4-3' ELSE '' END || CASE WHEN cc_3_5_1 THEN ';cc-3-5-1' ELSE '' END
                || CASE WHEN cc_3_5_3 THEN ';cc-3-5-3' ELSE '' END,
                2
            )
            ELSE ''
        END AS protections
    FROM applied
),
decided AS MATERIALIZED (
    SELECT
        *,
        CASE
            WHEN going IS NOT NULL THEN 'candidate'
            WHEN asked IS NOT NULL OR repair OR unreturned THEN 'ask'
            WHEN eligible AND coalesce(location, 'open') = 'open' THEN 'move'
            WHEN eligible OR protections <> '' THEN 'keep'
            WHEN s1 IS NULL OR s2 IS NULL OR s3 IS NULL OR s4 IS NULL OR s5 IS NULL THEN 'unknown'
        END AS verdict
    FROM weighed
)
SELECT
    item_no,
    verdict,
    coalesce(going, asked) AS criterion,
    nullif(substr(
        CASE WHEN s1 IN ('candidate', 'ask') THEN ';8-2-1' ELSE '' END || CASE WHEN goes OR s2 = 'ask' THEN ';8-2-2' ELSE '' END
        || CASE WHEN s3 IN ('candidate', 'ask') THEN ';8-2-3' ELSE '' END
        || CASE WHEN s4 IN ('candidate', 'ask') THEN ';8-2-4' ELSE '' END
        || CASE WHEN s5 IN ('candidate', 'ask') THEN ';8-2-5' ELSE '' END,
        2
    ), '') AS criteria,
    CASE going
        WHEN '8-2-1' THEN 'discard'
        WHEN '8-2-2' THEN 'transfer_offer'
        WHEN '8-2-4' THEN route_4
        WHEN '8-2-3' THEN 'record_only'
        WHEN '8-2-5' THEN 'record_only'
    END AS route,
    CASE WHEN goes THEN survivor END AS survivor_item_no,
    CASE WHEN goes THEN kind END AS survivor_kind,
    CASE
        WHEN last_copy AND protections <> '' THEN protections || ';km-8-2-2-last'
        WHEN last_copy THEN 'km-8-2-2-last'
        WHEN protections <> '' THEN protections
    END AS protected_by,
    CASE
        WHEN verdict = 'move' THEN 'closed_stack'
        WHEN s1 = 'candidate' THEN CASE WHEN replace_it THEN 'replace' END
        WHEN verdict = 'ask' AND repair THEN 'repair'
    END AS advice,
    score_use, score_freshness, score_scarcity, score_priority,
    score_use * :use_weight / 100 + score_freshness * :freshness_weight / 100 + score_scarcity * :scarcity_weight / 100
        + score_priority * :priority_weight / 100 AS score
FROM decided
