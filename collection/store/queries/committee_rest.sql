-- Which candidates meet the criteria of a list, stand at its branches, and are neither on it nor on their way out?
-- Parameters: on_list (item numbers), criteria (of its items), branches (of its filter; NULL = all). Reads decided.
-- Read by meeting.not_proposed. In shelf order.
SELECT
    item.item_id, item.call_number, bib.title, bib.volume, bib.author, judged.branch, judged.shelf_class, judged.criterion,
    judged.idle_years, judged.pub_year, round(judged.score, 1) AS score, decided.tag,
    CASE WHEN decided.list_state <> 'decided' THEN decided.list_no END AS list_no
FROM judged
JOIN facts_of_day.item AS item ON item.item_no = judged.item_no
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no
LEFT JOIN decided ON decided.item_no = judged.item_no
WHERE judged.verdict = 'candidate'
    AND list_contains($criteria, judged.criterion)
    AND ($branches IS NULL OR list_contains($branches, judged.branch))
    AND item.item_id NOT IN (SELECT unnest($on_list))
    AND (decided.road IS NULL OR decided.road = 'readmitted')
ORDER BY judged.shelf_order
