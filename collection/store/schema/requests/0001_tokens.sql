-- Whose requests are open, without saying whose: a hash stands for each person. Small and changeable, unlike the ledger:
-- a row goes when its request ends.

CREATE TABLE token (
    number TEXT PRIMARY KEY,        -- of a request that is open: R2025-0001
    hash TEXT NOT NULL              -- HMAC-SHA256, hexadecimal, with the library's key (requests.key)
) WITHOUT ROWID;
