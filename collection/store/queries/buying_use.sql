-- How are the books of an author, a class or a series used? Reads meant (kind: author, class or series; text: a first author
-- or series as records write it, or a class; key: what they stand for), registered by buying/use.py, which runs it.
-- One row a kind and key that is held: copies, loans (of the last twelve months; NULL without figures), never_lent (copies),
-- foreseen: loans that their forecast says of all copies that have one, and told, how many have one. Reads forecast.
WITH named AS MATERIALIZED (
    SELECT bib.bib_no, meant.kind, meant.key
    FROM facts_of_day.bib AS bib JOIN meant ON meant.kind = 'author' AND meant.text = string_split(bib.author, ';')[1]
    UNION ALL
    SELECT bib.bib_no, meant.kind, meant.key
    FROM facts_of_day.bib AS bib JOIN meant ON meant.kind = 'series' AND meant.text = bib.series
),
class AS (
    SELECT CASE WHEN audience = 'child' THEN 'K' ELSE '' END || ndc AS text, count(*) AS copies,
        sum(loans_1y)::BIGINT AS loans, count(*) FILTER (never_lent) AS never_lent,
        sum(forecast.loans_12::DECIMAL(18, 3))::DOUBLE AS foreseen, count(forecast.loans_12) AS told
    FROM judged LEFT JOIN forecast USING (item_no)
    WHERE length(ndc) = 3
    GROUP BY ALL
)
SELECT
    kind, key, count(*) AS copies, sum(loans_1y)::BIGINT AS loans, count(*) FILTER (never_lent) AS never_lent,
    sum(forecast.loans_12::DECIMAL(18, 3))::DOUBLE AS foreseen, count(forecast.loans_12) AS told
FROM named JOIN judged USING (bib_no) LEFT JOIN forecast USING (item_no)
GROUP BY kind, key
UNION ALL
SELECT meant.kind, meant.key, class.copies, class.loans, class.never_lent, class.foreseen, class.told
FROM class JOIN meant ON meant.kind = 'class' AND meant.text = class.text
