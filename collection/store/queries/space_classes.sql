-- Which classes give a number of volumes of one branch and place most gently? The lowest scores go first; where one score
-- holds more items than are still to be found, each class gives in proportion to what it has of that score, in shelf
-- order. So what a class gives are the first items of its list by score.
-- Parameters: branch, place; take, how many candidates go; move, how many items go to the closed stacks.
-- Reads decided. Read by space.py.
WITH own AS (
    SELECT
        judged.shelf_class, score, shelf_order, road <> 'readmitted' AND road NOT IN ('to_strike', 'struck') AS decided,
        CASE
            WHEN road <> 'readmitted' OR tag = 'keep' THEN NULL
            WHEN verdict = 'candidate' AND route <> 'record_only' THEN 'candidate'
            WHEN verdict = 'move' THEN 'move'
        END AS way
    FROM judged LEFT JOIN decided ON decided.item_no = judged.item_no
    WHERE judged.branch = $branch
        AND CASE WHEN location IN ('closed', 'office') THEN location ELSE 'open' END = $place
),
shared AS (
    SELECT
        *, row_number() OVER (PARTITION BY way, score, shelf_class ORDER BY shelf_order) - 0.5 AS nth,
        count(*) OVER (PARTITION BY way, score, shelf_class) AS peers
    FROM own WHERE way IS NOT NULL
),
queued AS (
    SELECT
        *, row_number() OVER (PARTITION BY way ORDER BY score NULLS LAST, nth / peers, shelf_class)
            <= CASE way WHEN 'candidate' THEN $take ELSE $move END AS goes
    FROM shared
),
given AS (
    SELECT
        shelf_class,
        count(*) FILTER (way = 'candidate') AS candidates, count(*) FILTER (way = 'candidate' AND goes) AS take,
        count(*) FILTER (way = 'move') AS moves, count(*) FILTER (way = 'move' AND goes) AS move,
        median(score) FILTER (goes) AS score
    FROM queued GROUP BY shelf_class
)
SELECT
    shelf_class, holdings, decided, coalesce(candidates, 0) AS candidates, coalesce(take, 0) AS take,
    coalesce(moves, 0) AS moves, coalesce(move, 0) AS move, score
FROM (SELECT shelf_class, count(*) AS holdings, count(*) FILTER (decided) AS decided FROM own GROUP BY shelf_class)
LEFT JOIN given USING (shelf_class)
