-- Which records may be a title that is asked for? Those that share its rarest tokens, the best $most of each; what shares a
-- whole key comes first. $tokens: how many tokens of a title are looked up, $postings: how many pairs of token and record may
-- be read for them. Reads `asked` (title_keys.tokens). Read by selection/identify.py. A token that the table `token` has not
-- is held once or never.
WITH known AS (
    SELECT asked.no, asked.token, asked.whole, coalesce(token.records, 1) AS records
    FROM asked
    LEFT JOIN titles.token AS token USING (token)
),
chosen AS (
    SELECT no, token, ln(1e9 / records) * CASE WHEN whole THEN 100 ELSE 1 END AS weight
    FROM known
    WINDOW rarest AS (PARTITION BY no ORDER BY records, token ROWS UNBOUNDED PRECEDING)
    QUALIFY row_number() OVER rarest = 1
        OR (row_number() OVER rarest <= $tokens AND sum(records) OVER rarest <= $postings)
),
found AS (
    SELECT chosen.no, gram.bib_no
    FROM chosen
    JOIN titles.gram AS gram USING (token)
    GROUP BY chosen.no, gram.bib_no
    QUALIFY row_number() OVER (PARTITION BY chosen.no ORDER BY round(sum(chosen.weight), 6) DESC, gram.bib_no) <= $most
)
SELECT found.no, entry.*
FROM found
JOIN titles.entry AS entry USING (bib_no)
