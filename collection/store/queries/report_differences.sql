-- Which items do not balance, and why? gone: no longer there, and nobody decided so; came: there, and not received in the
-- year; no_source: received, and neither bought, given nor readmitted; twice: went out without having been on the books;
-- kind: from general to children's books or back. No parameters. Reads of_year (report_of_year.sql). Read by report.py.
WITH summed AS (
    SELECT
        *,
        received AND coalesce(source IN ('purchase', 'gift', 'reaccession'), false) AS named,
        (start_branch IS NOT NULL)::INT + (received AND coalesce(source IN ('purchase', 'gift', 'reaccession'), false))::INT + readmitted
            - given - discarded - transferred - (end_branch IS NOT NULL)::INT AS over
    FROM of_year
)
SELECT
    CASE
        WHEN over > 0 THEN 'gone'
        WHEN over < 0 AND received AND NOT named THEN 'no_source'
        WHEN over < 0 AND given + discarded + transferred > 0 THEN 'twice'
        WHEN over < 0 THEN 'came'
        ELSE 'kind'
    END AS difference,
    item_id, branch, kind
FROM summed
WHERE over <> 0 OR start_kind <> end_kind OR (end_kind IS NULL AND start_kind <> kind)
ORDER BY difference, branch, item_id
