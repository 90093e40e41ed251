-- Which marked items were lent in the $months months after their mark? Reads as after.sql. Read by train.py.
SELECT spell.branch, spell.shelf_class, spell.item_no, until::INTEGER AS month, loans, idle::INTEGER AS idle
FROM spell
JOIN facts_of_day.item AS item USING (item_no)
JOIN mark USING (item_id)
WHERE woken AND until BETWEEN year(on_day::DATE) * 12 + month(on_day::DATE) AND year(on_day::DATE) * 12 + month(on_day::DATE) - 1 + $months
ORDER BY spell.item_no
