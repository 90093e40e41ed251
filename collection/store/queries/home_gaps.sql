-- What is missing in the facts that keeps rules from being tested?
-- Parameters: none. Read by: ホーム, what needs attention. One row.
SELECT
    count(*) FILTER (bib_no IS NULL) AS no_bib,
    count(*) FILTER (shelf_class = '-') AS no_class,
    count(*) FILTER (pub_year IS NULL) AS no_year,
    count(*) FILTER (idle_years IS NULL) AS no_use
FROM judged
