-- 分類別蔵書数: held volumes by class and branch, children's books as one class, with totals.
-- Columns: shelf_class, branch, volumes. No parameters. Read by export.py.
SELECT shelf_class, branch, count(*) AS volumes
FROM judged
GROUP BY shelf_class, branch
ORDER BY shelf_class, branch
