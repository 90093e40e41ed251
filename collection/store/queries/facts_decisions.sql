-- What did people decide on held items that the rules must know: kept on this day and until when, or on its way out?
-- No parameters. Reads decision (item_id, kept, kept_until, leaving), registered by facts.py. Read by facts_items.sql.
CREATE OR REPLACE TEMP TABLE item_decision AS
SELECT item.item_no, decision.kept, decision.kept_until, decision.leaving
FROM decision JOIN item USING (item_id)
