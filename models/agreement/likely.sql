-- How likely does the committee keep each item of a list? Parameter: items, item numbers. {model}: the artefact's schema.
-- Reads facts_of_day. Read by models/agreement/likely.py.
SELECT item.item_id, item_agreement.likely_kept
FROM {model}.item_agreement JOIN facts_of_day.item AS item USING (item_no)
WHERE item.item_id IN (SELECT unnest($items))
