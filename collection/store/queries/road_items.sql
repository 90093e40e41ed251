-- Which items stand at these steps of the road, with what is on their cover and their last step? In shelf order.
-- Parameters: states, a list; branch, a name or NULL. Reads decided. Read by 行先, offers.py, lots.py and the slips.
SELECT
    item.item_id, item.branch, item.location, item.call_number, bib.title, bib.volume, bib.author, bib.publisher,
    bib.pub_year, bib.ndc, bib.class_mark, bib.audience, item.condition,
    decided.road, decided.road_seq, decided.road_on, decided.road_name, decided.road_reason, decided.road_list AS list_no,
    decided.road_criterion AS criterion, decided.offer, decided.reply_by, decided.partner, decided.lot, decided.slip
FROM decided
JOIN facts_of_day.item AS item USING (item_no)
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
WHERE list_contains($states, decided.road) AND ($branch IS NULL OR item.branch = $branch)
ORDER BY item.shelf_order
