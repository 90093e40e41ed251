-- How many items of each branch carry each verdict and criterion? What is approved for withdrawal and on its road is
-- counted as such ('road'), as the list leaves it out.
-- Parameters: none. Reads decided. Read by: ホーム and `collection flag`.
SELECT
    judged.branch,
    CASE WHEN gone.item_no IS NULL THEN coalesce(judged.verdict, 'none') ELSE 'road' END AS verdict,
    judged.criterion,
    count(*) AS items
FROM judged
LEFT JOIN (SELECT item_no FROM decided WHERE road IS NOT NULL AND road <> 'readmitted') AS gone
    ON gone.item_no = judged.item_no
GROUP BY ALL
