-- One snapshot: the facts of one library on one day. Built aside by an import, then never changed.
-- Read by: every measure, flag and page. `*_no` are dense row numbers from 0 in the order of the key.

CREATE TABLE meta (                 -- one row
    as_of DATE NOT NULL,            -- the day the facts describe
    content_hash VARCHAR NOT NULL,  -- 12 hex digits over all facts: same facts, same hash
    loans_from SMALLINT,            -- first and last month with loan figures, months since year 0 (2024-04 = 24291)
    loans_to SMALLINT
);

CREATE TABLE bib (
    bib_no INTEGER NOT NULL,
    bib_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    title_kana VARCHAR,
    volume VARCHAR,
    series VARCHAR,
    author VARCHAR,
    publisher VARCHAR,
    pub_year SMALLINT,              -- first year of publication; NULL when unknown
    pub_year_text VARCHAR,          -- as written in the source
    edition VARCHAR,
    isbn VARCHAR,                   -- 13 digits with a right check digit, else NULL
    isbn_text VARCHAR,              -- as written in the source
    c_code VARCHAR,                 -- four digits
    ndc VARCHAR,                    -- shelf class: digits with point, e.g. 913.6; the first NDC of the record
    ndc_edition UTINYINT,           -- 6..10 where the source marks it
    class_mark VARCHAR,             -- K, E, R … before or instead of the class
    ndc_all VARCHAR,                -- every NDC, e.g. NDC9:913.6;NDC8:913
    ndlc VARCHAR,
    ddc VARCHAR,
    audience VARCHAR,               -- general child young
    material VARCHAR,               -- book reference picture_book …
    language VARCHAR,
    price INTEGER,                  -- yen
    subjects VARCHAR,
    local VARCHAR,                  -- local official sake lucky_gods washi human_rights; several parted by ;
    title_key VARCHAR NOT NULL,     -- NFKC, lower case, variant characters folded, no spaces or marks: for matching and search
    work_no INTEGER NOT NULL,       -- same work: same title, author, volume and form; any edition
    unit_no INTEGER NOT NULL,       -- same bibliographic unit: same work and same edition; copies of one another
    edition_rank INTEGER            -- order of the units of a work, 1 = oldest; NULL when it cannot be told
);

CREATE TABLE item (
    item_no INTEGER NOT NULL,
    item_id VARCHAR NOT NULL,
    bib_no INTEGER,                 -- NULL: its record was never imported
    bib_id VARCHAR NOT NULL,
    work_no INTEGER,                -- items of one work, any edition; issues and volumes apart
    unit_no INTEGER,                -- items that are copies of one another
    branch VARCHAR NOT NULL,
    location VARCHAR,               -- open closed reference office, or a place of the library's own
    call_number VARCHAR,
    accession_date DATE,
    source VARCHAR,                 -- purchase gift reaccession deposit
    price INTEGER,                  -- yen
    status VARCHAR,                 -- available on_loan on_hold_shelf in_transit in_repair missing withdrawn
    condition VARCHAR,              -- good repairable soiled damaged
    missing_confirmed_on DATE,
    due_date DATE,
    reminders INTEGER,
    last_reminder_date DATE,
    unrecoverable BOOLEAN,
    retention VARCHAR,              -- archival permanent rare
    issue_date DATE,
    loans_total INTEGER,            -- lifetime
    last_loan_date DATE,
    never_lent BOOLEAN NOT NULL,    -- true when the source says never, or a lifetime count of 0
    note VARCHAR,
    gone_on DATE,                   -- as-of day of the import that no longer had it; NULL = held
    shelf_order INTEGER NOT NULL    -- order of the shelf: branch, location, call number with numbers as numbers
);

CREATE TABLE loan (                 -- sorted by item_no, month
    item_no INTEGER NOT NULL,
    month SMALLINT NOT NULL,        -- months since year 0: year * 12 + month - 1
    loans USMALLINT NOT NULL,
    in_house USMALLINT              -- NULL: not counted
);

CREATE TABLE hold (bib_no INTEGER NOT NULL, branch VARCHAR, holds INTEGER NOT NULL);
CREATE TABLE retention (bib_no INTEGER NOT NULL, years DOUBLE, permanent BOOLEAN NOT NULL);
CREATE TABLE partner (
    partner_id VARCHAR NOT NULL, name VARCHAR NOT NULL, kind VARCHAR NOT NULL,
    wants_ndc VARCHAR, wants_audience VARCHAR, capacity INTEGER
);

CREATE TABLE import_file (          -- what went in, newest last; carried over from snapshot to snapshot
    imported_at TIMESTAMP NOT NULL, as_of DATE NOT NULL,
    file VARCHAR NOT NULL, kind VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, encoding VARCHAR, mapping VARCHAR,
    rows BIGINT NOT NULL, loaded BIGINT NOT NULL, changed BIGINT NOT NULL, unchanged BIGINT NOT NULL,
    skipped BIGINT NOT NULL, error BIGINT NOT NULL, gone BIGINT NOT NULL, rejects VARCHAR
);
CREATE TABLE import_note (          -- what the import reported, by reason
    imported_at TIMESTAMP NOT NULL, file VARCHAR NOT NULL, outcome VARCHAR NOT NULL, -- skipped error note
    reason VARCHAR NOT NULL,        -- key in words/imports.toml, filled in when shown
    field VARCHAR, rows BIGINT NOT NULL, example_line BIGINT, example VARCHAR
);
