-- What is foreseen of one item? No row where nothing is. Parameter: $item_no. Read by forecast.py for the 資料カード.
SELECT * FROM forecast WHERE item_no = $item_no
