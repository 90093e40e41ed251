-- How often did each person tag $state, and how often had the others among items of which the rules said the same
-- (indirect standardisation by verdict and criterion)? Only where $persons others or more have $others tags. variance: of actual less
-- expected, the others' share being uncertain too. Reads tag (tags.sql). Read by models/anomalies/train.py.
WITH cell AS (
    SELECT person, stratum, count(*) AS n, count_if(state = $state) AS chosen FROM tag GROUP BY person, stratum
),
beside AS (
    SELECT
        *, sum(n) OVER same - n AS others, sum(chosen) OVER same - chosen AS others_chosen, count(*) OVER same - 1 AS persons
    FROM cell
    WINDOW same AS (PARTITION BY stratum)
)
SELECT
    person, sum(n)::INTEGER AS tags, sum(chosen)::INTEGER AS actual, sum(usual)::DOUBLE AS expected, sum(wide)::DOUBLE AS variance
FROM (
    SELECT
        *, (n * others_chosen / others)::DECIMAL(18, 9) AS usual, -- exact, whose sum is the same in any order
        (n * (others_chosen + 0.5) / (others + 1) * (1 - (others_chosen + 0.5) / (others + 1)) * (1 + n / others))::DECIMAL(18, 9) AS wide
    FROM beside
)
WHERE others >= $others AND persons >= $persons
GROUP BY person
ORDER BY person
