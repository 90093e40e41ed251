-- Which branches count in-house use? No parameters. Read by facts_items.sql.
CREATE OR REPLACE TEMP TABLE branch_in_house AS
SELECT DISTINCT item.branch
FROM item_use
JOIN item USING (item_no)
WHERE item_use.in_house_counted
