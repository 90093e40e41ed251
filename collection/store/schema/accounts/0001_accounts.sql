-- Who may sign in, and who is signed in. Small and changeable: what was decided about accounts is in the ledger.

CREATE TABLE account (
    id TEXT PRIMARY KEY,            -- what the person types at sign-in; the ledger names it for good
    name TEXT NOT NULL,
    roles TEXT NOT NULL,            -- JSON list of roles.ROLES
    branch TEXT,                    -- of a librarian
    partner TEXT,                   -- partner_id of 学校等
    password TEXT,                  -- argon2id; NULL where the person signs in otherwise
    email TEXT UNIQUE,              -- by which an OpenID provider names the person, in small letters
    demo INTEGER NOT NULL,          -- 1: a sample person, signed in by one click on this machine
    disabled INTEGER NOT NULL,
    failures INTEGER NOT NULL,      -- passwords tried since the last right one
    locked_until REAL               -- seconds since 1970, as all times here
) WITHOUT ROWID;

CREATE TABLE session (
    token TEXT PRIMARY KEY,         -- sha256 of the token that only the browser has
    account TEXT NOT NULL REFERENCES account (id),
    begun REAL NOT NULL,
    last_seen REAL NOT NULL         -- to the minute
) WITHOUT ROWID;

CREATE INDEX session_account ON session (account);
