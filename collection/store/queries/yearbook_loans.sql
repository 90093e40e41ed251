-- How often was lent in some fiscal years, by branch and kind (general, children, av), by items since gone too?
-- Parameters: av (codes of audio-visual material), first and last (fiscal years). Read by yearbook/counts.py.
SELECT
    fiscal_year, branch,
    CASE WHEN list_contains($av, material) THEN 'av' WHEN shelf_class = 'K' THEN 'children' ELSE 'general' END AS kind,
    sum(loans)::BIGINT AS loans
FROM year_cell
WHERE fiscal_year BETWEEN $first AND $last
GROUP BY ALL
