-- What does the library have of a record, of other editions of its work, and of the same title in another form (large print,
-- CD …)? One row a record and branch: kind (same, edition, bunko, form), the record, copies, free (of these, on the shelf),
-- lent, holds (open reservations on the record). At most 40. Parameter: bib_no. Reads facts_of_day and decided.
-- Read by requests/checking.py.
WITH asked AS (SELECT * FROM facts_of_day.bib WHERE bib_no = $bib_no),
near AS MATERIALIZED (  -- few: what shares the work or the title
    SELECT bib_no FROM facts_of_day.bib
    WHERE work_no = (SELECT work_no FROM asked) OR title_key = (SELECT title_key FROM asked)
),
version AS (
    SELECT bib.*,
        CASE
            WHEN bib.unit_no = asked.unit_no THEN 'same'
            WHEN bib.work_no <> asked.work_no THEN 'form'
            WHEN bib.c_code[2] = '1' OR bib.series LIKE '%文庫%' THEN 'bunko'
            ELSE 'edition'
        END AS kind
    FROM near JOIN facts_of_day.bib AS bib USING (bib_no), asked
    WHERE bib.work_no = asked.work_no
        OR (
            bib.volume IS NOT DISTINCT FROM asked.volume
            AND bib.material IS DISTINCT FROM asked.material
            AND coalesce(split_part(bib.author, ';', 1) = split_part(asked.author, ';', 1), true)
        )
),
hold AS (SELECT bib_no, sum(holds)::INTEGER AS holds FROM facts_of_day.hold GROUP BY bib_no),
held AS (
    SELECT
        version.kind, version.bib_no, version.title, version.volume, version.edition, version.publisher, version.pub_year,
        version.material, item.branch,
        count(*)::INTEGER AS copies,
        count(*) FILTER (WHERE coalesce(item.status, 'available') = 'available')::INTEGER AS free,
        count(*) FILTER (WHERE item.status = 'on_loan')::INTEGER AS lent,
        coalesce(any_value(hold.holds), 0) AS holds
    FROM version
    JOIN facts_of_day.item AS item ON item.bib_no = version.bib_no AND item.gone_on IS NULL
    LEFT JOIN decided ON decided.item_no = item.item_no
    LEFT JOIN hold ON hold.bib_no = version.bib_no
    WHERE coalesce(item.status, '') NOT IN ('missing', 'withdrawn')
        AND NOT coalesce(item.unrecoverable, false)
        AND coalesce(decided.road, 'readmitted') = 'readmitted'
    GROUP BY ALL
)
SELECT * FROM held
ORDER BY list_position(['same', 'edition', 'bunko', 'form'], kind), pub_year DESC NULLS LAST, bib_no, copies DESC, branch
LIMIT 40
