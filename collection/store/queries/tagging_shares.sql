-- How many items of each class are held, and how many of them are chosen? No parameters. Reads chosen. Read by tagging.preview.
SELECT judged.shelf_class, count(*) AS held, count(goes.item_no) AS goes
FROM judged
LEFT JOIN (SELECT item_no FROM chosen WHERE left_out IS NULL) AS goes ON goes.item_no = judged.item_no
GROUP BY judged.shelf_class
ORDER BY judged.shelf_class
