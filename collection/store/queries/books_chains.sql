-- Is the ledger whole? Events, numbers that are missing, events that do not follow the latest one of their chain,
-- and evidence that is cited and not there. No parameters. Read by books.py. SQLite.
SELECT
    count(*) AS events,
    coalesce(max(seq), 0) - count(*) AS gaps,
    coalesce(sum(follows <> before), 0) AS loose,
    coalesce(sum(evidence IS NOT NULL AND evidence NOT IN (SELECT hash FROM evidence)), 0) AS lost
FROM (SELECT seq, follows, evidence, lag(seq, 1, 0) OVER (PARTITION BY aspect, subject ORDER BY seq) AS before FROM event)
