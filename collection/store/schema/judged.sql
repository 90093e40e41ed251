-- The flags of one policy version over one snapshot, in a file of their own beside it.
-- Filled by flag.py; read by export and the pages, which attach the snapshot as `facts_of_day`.

CREATE TABLE judging (              -- one row
    policy VARCHAR NOT NULL, policy_hash VARCHAR NOT NULL, in_force DATE NOT NULL, as_of DATE NOT NULL,
    snapshot VARCHAR NOT NULL,      -- file name of the snapshot
    ledger_seq BIGINT NOT NULL      -- the last decision it knows of
);

CREATE TABLE rule_count (           -- how many held items each rule touches today
    rule VARCHAR NOT NULL, hits BIGINT NOT NULL, unknown BIGINT NOT NULL
);

CREATE TABLE judged (               -- one row for every held item, in item_no order; verdict NULL = untouched
    item_no INTEGER NOT NULL,
    bib_no INTEGER,
    unit_no INTEGER,
    branch VARCHAR NOT NULL,
    location VARCHAR,
    shelf_class VARCHAR NOT NULL,   -- 0..9 by NDC, K = children's, - = no class on record
    ndc VARCHAR,                    -- class of up to three digits (類綱目), NULL when none is on record
    audience VARCHAR,
    material VARCHAR,
    local VARCHAR,                  -- 郷土区分
    received SMALLINT,              -- fiscal year of accession
    never_lent BOOLEAN NOT NULL,
    shelf_order INTEGER NOT NULL,
    pub_year SMALLINT,
    -- the facts that rules and reasons speak of (words/facts.toml)
    last_use DATE,                  -- last known loan or in-house use
    idle_years SMALLINT,
    years_held SMALLINT,
    years_published SMALLINT,
    years_since_issue DOUBLE,
    years_overdue SMALLINT,
    years_since_reminder SMALLINT,
    years_since_missing SMALLINT,
    inventories_missed SMALLINT,
    loans_1y INTEGER, loans_3y INTEGER, in_house_1y INTEGER,
    holds INTEGER,
    copies INTEGER,                 -- usable copies of the unit in the whole library
    copies_branch INTEGER,          -- of these, at this branch
    surplus BOOLEAN,
    superseded BOOLEAN,
    usable BOOLEAN,
    class_idle_years SMALLINT,
    class_shelf_life SMALLINT,
    use_only BOOLEAN,               -- class judged by use alone
    subject_literature BOOLEAN,     -- a similar title can stand in
    circulates BOOLEAN,
    annual BOOLEAN,                 -- a yearbook or white paper
    retention_years DOUBLE,
    retention_permanent BOOLEAN,
    local_clue VARCHAR,             -- words that point to the city; NULL when none
    listed VARCHAR,                 -- names of the pack's lists this item stands on, parted by ;
    kept BOOLEAN,                   -- a person decided to keep it, and it still holds
    kept_until DATE,                -- until when; NULL = for good
    named_collection VARCHAR,       -- the named collection it is locked in; NULL when none
    -- what follows from them
    verdict VARCHAR,                -- candidate keep ask unknown move
    criterion VARCHAR,              -- clause of the criterion
    criteria VARCHAR,               -- parted by ;
    rule VARCHAR,                   -- id of the rule whose article and reason are shown
    route VARCHAR,                  -- transfer_offer give_away discard record_only
    survivor_item_no INTEGER,
    survivor_kind VARCHAR,          -- copy edition similar
    survivor_copies INTEGER,        -- copies that stay at the survivor's branch
    survivor_words VARCHAR,         -- words that a similar title shares, parted by ;
    protected_by VARCHAR,           -- rule ids parted by ;
    advice VARCHAR,                 -- repair replace closed_stack … parted by ;
    score FLOAT, score_use FLOAT, score_freshness FLOAT, score_scarcity FLOAT, score_priority FLOAT
);

CREATE TABLE year_cell (            -- what each fiscal year brought and took, items since gone included
    fiscal_year SMALLINT NOT NULL,
    branch VARCHAR NOT NULL, location VARCHAR, shelf_class VARCHAR NOT NULL, ndc VARCHAR, audience VARCHAR, material VARCHAR,
    loans BIGINT NOT NULL,
    received BIGINT NOT NULL,       -- items by fiscal year of accession
    purchased BIGINT NOT NULL, donated BIGINT NOT NULL, reaccessioned BIGINT NOT NULL,
    spent BIGINT NOT NULL,          -- yen, price of what was purchased
    gone BIGINT NOT NULL            -- items that left the holdings in the year
);

CREATE TABLE shelf_time (           -- loans of the last twelve months by the months the item stood idle before
    branch VARCHAR NOT NULL, location VARCHAR, shelf_class VARCHAR NOT NULL, ndc VARCHAR, audience VARCHAR, material VARCHAR,
    months SMALLINT NOT NULL,       -- since the loan before it, or since accession or the first month with figures
    loans BIGINT NOT NULL
);
