-- What day do the facts describe, how much is held, and which months have loan figures?
-- Parameters: none. Read by: ホーム and the head of every page. One row.
SELECT
    as_of, loans_from, loans_to,
    (SELECT count(*) FROM facts_of_day.item WHERE gone_on IS NULL) AS items,
    (SELECT count(*) FROM facts_of_day.bib) AS bibs,
    (SELECT count(DISTINCT branch) FROM facts_of_day.item WHERE gone_on IS NULL) AS branches
FROM facts_of_day.meta
