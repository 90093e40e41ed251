-- Which roads does the register show? Those that ended in the period; those still on their way when it has not closed.
-- Parameters: first, last, today (ISO days), branch, clause, end ('pending': on its way), person (who approved; account),
-- text and isbn (13 digits). NULL lets everything through. Filled in by books.py: roads, the query of that name. SQLite.
SELECT road.*
FROM ({roads}) AS road
LEFT JOIN evidence ON evidence.hash = road.evidence
WHERE (
        road.ended_on BETWEEN $first AND $last
        OR (road.ended_on IS NULL AND road.decided_on <= $last AND $last >= $today)
    )
    AND ($clause IS NULL OR road.clause = $clause)
    AND ($end IS NULL OR coalesce(road."end", 'pending') = $end)
    AND ($person IS NULL OR road.decided_by_id = $person)
    AND ($branch IS NULL OR json_extract(evidence.told, '$.branch') = $branch)
    AND (
        $text IS NULL OR road.item_id = $text OR road.list_no = $text OR json_extract(evidence.told, '$.isbn') = $isbn
        OR instr(lower(json_extract(evidence.told, '$.title')), lower($text)) > 0
        OR instr(lower(json_extract(evidence.told, '$.author')), lower($text)) > 0
    )
