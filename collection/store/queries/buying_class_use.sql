-- How is each class used at each branch? Of the copies that can be lent, without those in closed stacks, which new books are
-- not to be likened to. child: children's books; section: class of three digits (NULL: not told as finely); loans: of the
-- last twelve months. No parameters. Read by buying/copies.py.
SELECT
    branch, coalesce(audience = 'child', false) AS child, CASE WHEN length(ndc) = 3 THEN ndc END AS section,
    CASE WHEN audience = 'child' THEN 'K' ELSE coalesce(ndc[1], '-') END AS mark,
    count(*) AS items, coalesce(sum(loans_1y), 0)::BIGINT AS loans
FROM judged
WHERE usable AND circulates AND coalesce(location, '') <> 'closed'
GROUP BY ALL
