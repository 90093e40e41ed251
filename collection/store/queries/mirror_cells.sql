-- How many held items would the rules not take today, and how much are they lent beside the others? One row for each rule,
-- outcome, branch and class; rule and taking are NULL for items that every rule would take. items; candidates (for
-- withdrawal, for other reasons); lending (items that circulate and have loan figures) and their loans of the last year.
-- Reads mirrored (bib_no, rule, taking), registered by mirror.py. Read by mirror.py.
SELECT
    mirrored.rule::VARCHAR AS rule,
    mirrored.taking::VARCHAR AS taking,
    judged.branch,
    judged.shelf_class,
    count(*) AS items,
    count(*) FILTER (judged.verdict = 'candidate') AS candidates,
    count(judged.loans_1y) FILTER (judged.circulates) AS lending,
    coalesce(sum(judged.loans_1y) FILTER (judged.circulates), 0)::BIGINT AS loans
FROM judged
LEFT JOIN mirrored ON mirrored.bib_no = judged.bib_no
GROUP BY ALL
