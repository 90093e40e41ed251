-- Which held items are of the city: marked as local, by an author of the city, or with words that point there?
-- Parameter: authors (name of the pack's list of local authors). Read by local.py.
SELECT
    item.item_id, item.bib_id, bib.title, bib.volume, bib.author, bib.publisher, judged.pub_year, item.call_number,
    judged.branch, judged.location, judged.audience, judged.material, judged.ndc, judged.shelf_class,
    judged.local AS kinds,
    contains(';' || judged.listed || ';', ';' || $authors || ';') AS by_author,
    judged.local_clue, item.condition, item.status, judged.copies, judged.usable, judged.received, judged.verdict
FROM judged
JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no
WHERE judged.local IS NOT NULL OR judged.local_clue IS NOT NULL
    OR contains(';' || judged.listed || ';', ';' || $authors || ';')
ORDER BY judged.shelf_order
