-- What a partner may see: items on offer to this day, with what is on their covers, and whether they suit its wants.
-- Parameters: today; classes and audiences wanted (lists; empty: any). Reads decided and claimed (item_id, offer: the
-- partner's own claims). Read by offers.py. What suits comes first, then by class and title.
SELECT
    item.item_id, bib.title, bib.volume, bib.author, bib.pub_year, bib.ndc, bib.audience, item.condition, item.branch,
    decided.offer, decided.reply_by,
    claimed.item_id IS NOT NULL AS claimed,
    (
        len($classes) = 0
        OR len(list_filter($classes::VARCHAR[], lambda want: starts_with(coalesce(bib.ndc, ''), want)
            OR starts_with(coalesce(bib.class_mark, ''), want) OR (want = 'K' AND coalesce(bib.audience, '') = 'child'))) > 0
    ) AND (len($audiences) = 0 OR list_contains($audiences::VARCHAR[], coalesce(bib.audience, 'general'))) AS suits
FROM decided
JOIN facts_of_day.item AS item USING (item_no)
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
LEFT JOIN claimed ON claimed.item_id = item.item_id AND claimed.offer = decided.offer
WHERE decided.road = 'offered' AND decided.reply_by >= $today
ORDER BY suits DESC, bib.ndc NULLS LAST, bib.title_key, item.item_no
