-- Which held item carries this number?
-- Parameters: item_id. Read by: the 資料カード, before card_item: a row number is found without reading the columns.
SELECT item_no FROM facts_of_day.item WHERE item_id = $item_id AND gone_on IS NULL
