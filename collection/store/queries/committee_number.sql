-- The last number a list got in a year; 0 when there was none. Parameter: year, text. Read by committee.draft.
SELECT coalesce(max(CAST(substr(subject, 6) AS INTEGER)), 0)
FROM event
WHERE aspect = 'list' AND kind = 'draft' AND substr(subject, 1, 5) = $year || '-'
