-- Which held items may go after all, because a similar title on the same narrow subject stays? Only where
-- another usable item of the work stays (an older edition), nobody names the held item, both are subject
-- literature with a class of at least four digits in common, and the other is no volume, translation or edition
-- of the same name. The most similar first, then the one last used. No parameters.
-- Reads standing, held, named, neighbour. Read by verdict.sql.
CREATE OR REPLACE TEMP TABLE similar_title AS
WITH free AS (
    SELECT held.item_no, held.work_no, standing.bib_no, bib.title_key
    FROM held
    JOIN standing ON standing.item_no = held.item_no AND standing.subject_literature
    JOIN bib ON bib.bib_no = standing.bib_no
    WHERE NOT held.last
        AND held.item_no NOT IN (SELECT survivor_item_no FROM named)
)
SELECT free.item_no, other.item_no AS survivor_item_no, neighbour.shared_words
FROM free
JOIN neighbour ON neighbour.bib_no = free.bib_no AND length(neighbour.class) >= 5
JOIN bib ON bib.bib_no = neighbour.other_no AND bib.title_key <> free.title_key
JOIN standing AS other ON other.bib_no = neighbour.other_no AND other.work_no <> free.work_no
WHERE other.usable AND NOT other.eligible AND NOT other.leaving AND other.subject_literature
QUALIFY row_number() OVER (
    PARTITION BY free.item_no
    ORDER BY round(neighbour.score, 2) DESC, other.last_use DESC NULLS LAST, other.item_no
) = 1
