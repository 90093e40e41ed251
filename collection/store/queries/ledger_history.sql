-- Everything that was decided on one item, oldest first, with what was known then. Parameter: item_id.
-- Read by the card, the audit and the disclosure.
SELECT event.*, evidence.told
FROM event LEFT JOIN evidence ON evidence.hash = event.evidence
WHERE event.item_id = $item_id
ORDER BY event.seq
