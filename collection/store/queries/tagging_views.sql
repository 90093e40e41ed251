-- The saved views of one person and the shared ones. Parameters: own and shared, how their subjects begin.
-- Runs on the ledger. Read by views.py.
SELECT subject = $shared || substr(subject, length($shared) + 1) AS is_shared,
    substr(subject, instr(subject, '/') + 1) AS view, details, name
FROM present
WHERE aspect = 'view' AND (substr(subject, 1, length($own)) = $own OR substr(subject, 1, length($shared)) = $shared)
ORDER BY is_shared, view
