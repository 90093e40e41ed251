-- What is in each named collection (特別文庫)? items; held, of these on the shelves; branches; loans_1y (NULL without figures);
-- flagged, those that were candidates when they were judged last, before they were locked; since, the first day.
-- No parameters. Reads facts_of_day, judged and decided. Read by named.py.
SELECT
    decided.named AS name, count(*) AS items, count(judged.item_no) AS held,
    string_agg(DISTINCT item.branch, '、' ORDER BY item.branch) AS branches, sum(judged.loans_1y)::BIGINT AS loans_1y,
    count(*) FILTER (judged.verdict = 'candidate') AS flagged, min(decided.named_on) AS since
FROM decided
JOIN facts_of_day.item AS item ON item.item_no = decided.item_no
LEFT JOIN judged ON judged.item_no = decided.item_no
WHERE decided.named IS NOT NULL
GROUP BY decided.named
ORDER BY decided.named
