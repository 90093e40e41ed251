-- Which is the last event of the ledger (last), the last that changes what the facts of the day ask for (facts), and the last that
-- changes what is held (held)? Read by buying/kept.py, from the ledger.
SELECT
    coalesce(max(seq), 0) AS last,
    coalesce(max(seq) FILTER (WHERE aspect IN ('tag', 'entry', 'road', 'list')), 0) AS facts,
    coalesce(max(seq) FILTER (WHERE aspect = 'road'), 0) AS held
FROM event
