-- The records of the new snapshot in the order of their keys. Reads the frame title_keys. The works are placed afterwards. Run by imports.building.
CREATE TABLE bib AS
SELECT
    n.bib_no::INTEGER AS bib_no,
    now_bibs.* EXCLUDE (key),
    title_keys.title_key,
    n.bib_no::INTEGER AS work_no,
    n.bib_no::INTEGER AS unit_no,
    NULL::INTEGER AS edition_rank
FROM now_bibs
JOIN title_keys USING (bib_id)
JOIN (SELECT bib_id, row_number() OVER (ORDER BY bib_id) - 1 AS bib_no FROM now_bibs) AS n USING (bib_id)
ORDER BY bib_no
