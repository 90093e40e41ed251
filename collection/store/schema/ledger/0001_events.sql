-- The ledger: what people decided, event after event. Read by every tool that opens SQLite.
-- Nothing is ever changed or removed; the engine refuses it.

CREATE TABLE evidence (             -- what was known of an item when it was decided on; stored once however often it is cited
    hash TEXT PRIMARY KEY,          -- sha256 of told, hexadecimal
    told TEXT NOT NULL              -- JSON object: the card's facts, the reason in words, the clause, the survivor
) WITHOUT ROWID;

CREATE TABLE event (
    seq INTEGER PRIMARY KEY,        -- 1, 2, 3 … in the order of deciding
    at TEXT NOT NULL,               -- when it was written, local time with offset
    on_day TEXT NOT NULL,           -- the day it counts for, 2025-04-01
    person TEXT NOT NULL,           -- account
    name TEXT NOT NULL,             -- the person's name on that day
    role TEXT NOT NULL,             -- in which the person acted
    aspect TEXT NOT NULL,           -- of which chain of states: tag, entry, vote, list, road, claim …
    subject TEXT NOT NULL,          -- of whose state: an item number, a list number …
    kind TEXT NOT NULL,             -- the action
    state TEXT,                     -- the state after it; NULL = none any more
    follows INTEGER NOT NULL,       -- seq of the event it follows in its chain; 0 = the first one
    item_id TEXT,
    list_no TEXT,
    clause TEXT,                    -- 8-2-2 …
    reason TEXT,
    details TEXT NOT NULL,          -- JSON object
    evidence TEXT REFERENCES evidence (hash)
);

-- One chain for each aspect and subject: two events cannot follow the same one, so nobody overwrites what they have not seen.
CREATE UNIQUE INDEX event_chain ON event (aspect, subject, follows);
CREATE INDEX event_subject ON event (aspect, subject, seq);
CREATE INDEX event_item ON event (item_id, seq) WHERE item_id IS NOT NULL;
CREATE INDEX event_list ON event (list_no, aspect, seq) WHERE list_no IS NOT NULL;

CREATE VIEW present AS              -- the latest event of every chain that still has a state
SELECT event.*
FROM event JOIN (SELECT max(seq) AS seq FROM event GROUP BY aspect, subject) AS latest USING (seq)
WHERE event.state IS NOT NULL;

CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.follows <> coalesce((SELECT max(seq) FROM event WHERE aspect = NEW.aspect AND subject = NEW.subject), 0)
BEGIN SELECT raise(ABORT, 'the event does not follow the latest one'); END;

CREATE TRIGGER event_kept BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'events are never removed'); END;
CREATE TRIGGER evidence_kept BEFORE UPDATE ON evidence BEGIN SELECT raise(ABORT, 'evidence is never changed'); END;
CREATE TRIGGER evidence_stays BEFORE DELETE ON evidence BEGIN SELECT raise(ABORT, 'evidence is never removed'); END;
