-- Which items did a target count? The newest first; all of them when rows is NULL.
-- Filled in by plans/counting.py: counted, plans_counted.sql with its parameters. Parameters: rows and skip.
-- Read by the page and its file.
WITH counted AS (
{counted}
),
shown AS MATERIALIZED (
    SELECT item_no FROM counted ORDER BY accession_date DESC, item_no LIMIT $rows OFFSET $skip
)
SELECT
    item.accession_date, item.item_id, item.call_number, bib.title, bib.volume, bib.author, bib.publisher, bib.pub_year,
    bib.ndc, bib.material, bib.audience, item.branch, item.location, item.source, item.gone_on
FROM shown
JOIN facts_of_day.item AS item USING (item_no)
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
ORDER BY item.accession_date DESC, item.item_no
