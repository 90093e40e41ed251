-- One row for every book (audio-visual material has a table of its own) that was on the books at the beginning or the end of a fiscal year, came in or went out in it.
-- Parameters: first and last, ISO days. Filled in by report.py: at_start and at_end (report_on_books.sql for 1 April of the
-- year and of the next), snapshot (the one at the end). Reads steps (report_steps.sql). Makes of_year in the database in memory.
CREATE TABLE of_year AS
WITH at_start AS ({at_start}),
at_end AS ({at_end}),
went AS (
    SELECT
        item_id, max_by(branch, seq) AS branch,
        CASE WHEN max_by(audience, seq) = 'child' THEN 'children' ELSE 'general' END AS kind,
        count(*) FILTER (state = 'given') AS given, count(*) FILTER (state IN ('discarded', 'struck')) AS discarded,
        count(*) FILTER (state = 'transferred') AS transferred, count(*) FILTER (state = 'readmitted') AS readmitted
    FROM steps
    WHERE on_day BETWEEN $first AND $last AND state IN ('given', 'discarded', 'struck', 'transferred', 'readmitted')
    GROUP BY item_id
),
audiovisual AS (
    SELECT item_id FROM {snapshot}.item JOIN {snapshot}.bib USING (bib_no)
    WHERE material IN ('cd', 'dvd', 'video', 'cassette', 'daisy')
),
received AS (
    SELECT item_id, branch, source, CASE WHEN bib.audience = 'child' THEN 'children' ELSE 'general' END AS kind
    FROM {snapshot}.item AS item LEFT JOIN {snapshot}.bib AS bib USING (bib_no)
    WHERE accession_date BETWEEN $first::DATE AND $last::DATE
)
SELECT
    item_id,
    at_start.branch AS start_branch, at_start.kind AS start_kind,
    at_end.branch AS end_branch, at_end.kind AS end_kind,
    coalesce(at_end.branch, went.branch, received.branch, at_start.branch) AS branch,
    coalesce(at_end.kind, received.kind, at_start.kind, went.kind) AS kind,
    received.item_id IS NOT NULL AND NOT (coalesce(received.source = 'reaccession', false) AND coalesce(went.readmitted, 0) > 0) AS received,
    received.source,
    coalesce(went.given, 0) AS given, coalesce(went.discarded, 0) AS discarded, coalesce(went.transferred, 0) AS transferred,
    coalesce(went.readmitted, 0) AS readmitted
FROM at_start
FULL JOIN at_end USING (item_id)
FULL JOIN went USING (item_id)
FULL JOIN received USING (item_id)
WHERE item_id NOT IN (SELECT item_id FROM audiovisual)
