-- What was bought in fiscal years, and how much of it is a candidate for withdrawal already? One row for each year, branch, class
-- and criterion (NULL: no candidate): items, priced (items with a price) and yen. Parameter: since (a fiscal year).
-- Read by mirror.py.
SELECT
    judged.received,
    judged.branch,
    judged.shelf_class,
    CASE WHEN judged.verdict = 'candidate' THEN judged.criterion END AS criterion,
    count(*) AS items,
    count(item.price) AS priced,
    coalesce(sum(item.price), 0)::BIGINT AS yen
FROM judged
JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
WHERE judged.received >= $since AND item.source = 'purchase'
GROUP BY ALL
