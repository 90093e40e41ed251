-- A ledger as version 1 wrote it: never changed again. tests/test_ledger_migrations.py restores it and reads it with today's program.
PRAGMA user_version = 1;
BEGIN TRANSACTION;
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
INSERT INTO "event" VALUES(1,'2025-06-10T09:30:00.000+09:00','2025-06-10','yamada','山田','librarian','tag','0001','tag','withdraw',0,'0001',NULL,'8-2-2','複本あり','{}','31885a1fc8b192d534d58529bdb6a04f50ce23ca79950222b6f0a2e72d15b007');
INSERT INTO "event" VALUES(2,'2025-06-10T09:30:00.000+09:00','2025-06-10','yamada','山田','librarian','tag','0002','tag','keep',0,'0002',NULL,NULL,'郷土の参考','{"until": "2030-03-31"}',NULL);
INSERT INTO "event" VALUES(3,'2025-06-10T09:30:00.000+09:00','2025-06-10','yamada','山田','librarian','tag','0003','tag','repair',0,'0003',NULL,NULL,NULL,'{}',NULL);
INSERT INTO "event" VALUES(4,'2025-06-10T09:30:00.000+09:00','2025-06-10','yamada','山田','librarian','tag','0003','undo_tag',NULL,3,'0003',NULL,NULL,NULL,'{"restores": 0, "undoes": 3}',NULL);
INSERT INTO "event" VALUES(5,'2025-06-10T09:30:00.000+09:00','2025-06-10','yamada','山田','librarian','list','2025-001','draft','drafted',0,NULL,'2025-001',NULL,NULL,'{"flags": "2025-04-01-572cf4b52645.nishinomiya-8fdca9c0.duckdb", "snapshot": "2025-04-01-572cf4b52645.duckdb", "title": "6月の議案"}',NULL);
INSERT INTO "event" VALUES(6,'2025-06-10T09:30:00.000+09:00','2025-06-10','yamada','山田','librarian','entry','0001','enter','entered',0,'0001','2025-001','8-2-2',NULL,'{"readers": ["iin1"]}','31885a1fc8b192d534d58529bdb6a04f50ce23ca79950222b6f0a2e72d15b007');
INSERT INTO "event" VALUES(7,'2025-06-10T09:30:00.000+09:00','2025-06-10','yamada','山田','librarian','list','2025-001','submit','in_review',5,NULL,'2025-001',NULL,NULL,'{}',NULL);
INSERT INTO "event" VALUES(8,'2025-06-10T09:30:00.000+09:00','2025-06-10','iin1','選書 一郎','committee','vote','2025-001/0001/iin1','vote','withdraw',0,'0001','2025-001',NULL,'同意','{}',NULL);
INSERT INTO "event" VALUES(9,'2025-06-10T09:30:00.000+09:00','2025-06-10','kacho','課長 佐藤','manager','list','2025-001','close','resolved',7,NULL,'2025-001',NULL,NULL,'{}',NULL);
INSERT INTO "event" VALUES(10,'2025-06-10T09:30:00.000+09:00','2025-06-10','kacho','課長 佐藤','manager','entry','0001','resolve','withdraw',6,'0001','2025-001',NULL,NULL,'{}',NULL);
INSERT INTO "event" VALUES(11,'2025-06-10T09:30:00.000+09:00','2025-06-10','kacho','課長 佐藤','manager','list','2025-001','decide','decided',9,NULL,'2025-001',NULL,NULL,'{}',NULL);
INSERT INTO "event" VALUES(12,'2025-06-10T09:30:00.000+09:00','2025-06-10','kacho','課長 佐藤','manager','road','0001','approve','to_offer',0,'0001','2025-001','9-1',NULL,'{}','31885a1fc8b192d534d58529bdb6a04f50ce23ca79950222b6f0a2e72d15b007');
INSERT INTO "event" VALUES(13,'2025-06-10T09:30:00.000+09:00','2025-06-10','yamada','山田','librarian','road','0001','offer','offered',12,'0001',NULL,NULL,NULL,'{"offer": "2025-照会-01", "reply_by": "2025-06-24"}',NULL);
INSERT INTO "event" VALUES(14,'2025-06-10T09:30:00.000+09:00','2025-06-10','kita-sho','北小学校','partner','claim','0001/P01','claim','claimed',0,'0001',NULL,NULL,NULL,'{"offer": "2025-照会-01"}',NULL);
CREATE TABLE evidence (             -- what was known of an item when it was decided on; stored once however often it is cited
    hash TEXT PRIMARY KEY,          -- sha256 of told, hexadecimal
    told TEXT NOT NULL              -- JSON object: the card's facts, the reason in words, the clause, the survivor
) WITHOUT ROWID;
INSERT INTO "evidence" VALUES('31885a1fc8b192d534d58529bdb6a04f50ce23ca79950222b6f0a2e72d15b007','{"title":"鷗外の𠮷野","verdict":"candidate"}');
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
COMMIT;
