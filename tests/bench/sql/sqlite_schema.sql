-- The library in SQLite, as one would lay it out there: days as numbers (20250401), keys as rowids, the loans
-- clustered by item. Loading is not measured. Read by in_sqlite.py.
CREATE TABLE bib (
    bib_no INTEGER PRIMARY KEY, title TEXT, title_key TEXT, series TEXT, author TEXT, publisher TEXT, subjects TEXT, pub_year INTEGER,
    ndc TEXT, class_mark TEXT, material TEXT, local TEXT, unit_no INTEGER, edition_rank INTEGER
);
CREATE TABLE item (
    item_no INTEGER PRIMARY KEY, bib_no INTEGER, work_no INTEGER, unit_no INTEGER, branch TEXT, location TEXT,
    accession_date INTEGER, source TEXT, status TEXT, condition TEXT, missing_confirmed_on INTEGER, due_date INTEGER,
    reminders INTEGER, last_reminder_date INTEGER, unrecoverable INTEGER, retention TEXT, issue_date INTEGER,
    last_loan_date INTEGER, never_lent INTEGER, gone_on INTEGER
);
CREATE TABLE loan (
    item_no INTEGER, month INTEGER, loans INTEGER, in_house INTEGER, PRIMARY KEY (item_no, month)
) WITHOUT ROWID;
CREATE TABLE hold (bib_no INTEGER, holds INTEGER);
CREATE TABLE retention (bib_no INTEGER PRIMARY KEY, years REAL, permanent INTEGER);
CREATE TABLE neighbour (bib_no INTEGER, other_no INTEGER, score REAL, class TEXT, PRIMARY KEY (bib_no, other_no)) WITHOUT ROWID;
CREATE TABLE month_end (month INTEGER PRIMARY KEY, day INTEGER);
CREATE TABLE class_rule (prefix TEXT PRIMARY KEY, idle_years INTEGER, shelf_life INTEGER, use_only INTEGER, similar INTEGER);
