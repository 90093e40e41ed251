-- Which other works are similar to a record, and where are they held? One row a name, the most similar first, at most $most.
-- Filled in: index, the schema of an index (artefact.attached). Parameters: bib_no, most. Reads judged, facts_of_day.
-- Read by found.py for the 資料カード.
WITH held AS (
    SELECT
        item.bib_no, min(item.item_id) AS item_id, count(*) AS copies, list_sort(list(DISTINCT item.branch)) AS branches
    FROM judged JOIN facts_of_day.item AS item USING (item_no)
    WHERE item.bib_no IN (SELECT other_no FROM {index}.neighbour WHERE bib_no = $bib_no)
    GROUP BY item.bib_no
)
SELECT
    held.item_id, bib.title, bib.author, bib.pub_year, held.copies, held.branches,
    near.shared_words, near.class, near.score
FROM {index}.neighbour AS near
JOIN facts_of_day.bib AS bib ON bib.bib_no = near.other_no
JOIN held ON held.bib_no = near.other_no
WHERE near.bib_no = $bib_no
    AND bib.work_no <> (SELECT work_no FROM facts_of_day.bib WHERE bib_no = $bib_no)
QUALIFY row_number() OVER (PARTITION BY bib.title_key ORDER BY near.score DESC, bib.pub_year DESC NULLS LAST, near.other_no) = 1
ORDER BY near.score DESC, near.other_no
LIMIT $most
