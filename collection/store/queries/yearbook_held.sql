-- What is on the books when a day begins, by branch, kind, class, place, material, and of audio-visual material by its full class?
-- Parameters: av (its codes), words (that may stand in a note and tell a place; `told` lists those that do).
-- Filled in: rows, the FROM and WHERE of report_on_books.sql for that day. Read by yearbook/counts.py.
SELECT
    item.branch,
    CASE WHEN bib.audience = 'child' THEN 'children' ELSE 'general' END AS kind,
    CASE WHEN bib.audience = 'child' THEN 'K' ELSE coalesce(bib.ndc[1], '-') END AS shelf_class,
    item.location, list_filter($words, lambda word: contains(item.note, word)) AS told, bib.material,
    coalesce(list_contains($av, bib.material), false) AS av, CASE WHEN av THEN bib.ndc END AS ndc, count(*) AS items
FROM {rows}
GROUP BY ALL
