-- Keeps what was found of every held item. No parameters. Reads outcome (verdict.sql). Fills judged (schema/judged.sql).
INSERT INTO judged BY NAME SELECT * FROM outcome
