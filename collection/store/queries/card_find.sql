-- Which held item carries this number, and which rule speaks of it?
-- Parameters: item_id. Read by: the 資料カード, before card_item: a row number is found without reading the columns.
SELECT item.item_no, judged.rule
FROM facts_of_day.item AS item
JOIN judged ON judged.item_no = item.item_no
WHERE item.item_id = $item_id
