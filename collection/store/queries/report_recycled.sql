-- リサイクル配布点数: given to citizens, by branch and month (2024-04). Parameters: first and last, ISO days.
-- Reads steps (report_steps.sql). Read by report.py.
SELECT coalesce(branch, '') AS branch, on_day[:7] AS month, count(*) AS items
FROM steps
WHERE state = 'given' AND on_day BETWEEN $first AND $last
GROUP BY ALL
ORDER BY ALL
