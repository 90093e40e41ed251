-- Which held items belong to records without a local mark that look like local material? {model}: where the artefact of
-- models/local is attached. Read by local.py.
SELECT
    item.item_id, local_title.bib_no, bib.title, bib.volume, bib.author, bib.publisher, judged.pub_year, judged.ndc,
    judged.branch, judged.location, judged.audience, judged.material, judged.shelf_class, judged.verdict,
    local_title.likely, local_title.words
FROM {model}.local_title AS local_title
JOIN judged ON judged.bib_no = local_title.bib_no
JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
JOIN facts_of_day.bib AS bib ON bib.bib_no = local_title.bib_no
ORDER BY judged.shelf_order
