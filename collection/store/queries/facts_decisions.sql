-- What did people decide on held items that the rules must know: kept on this day and until when, on its way out, or in
-- which named collection (特別文庫) it is locked?
-- No parameters. Reads decision (item_id, kept, kept_until, leaving, named_collection), registered by facts.py. Read by facts_items.sql.
CREATE OR REPLACE TEMP TABLE item_decision AS
SELECT item.item_no, decision.kept, decision.kept_until, decision.leaving, decision.named_collection
FROM decision JOIN item USING (item_id)
