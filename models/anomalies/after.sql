-- Were long-idle items lent again after they were tagged or listed more often than alike ones that never were? One row a
-- branch and class: marked items lent in the $months months after their mark, months at risk there, and the same of unmarked
-- items over the span of those months. Reads spell, mark (item_id, on_day) and facts_of_day. Read by train.py.
WITH marked AS (
    SELECT item_no, year(on_day::DATE) * 12 + month(on_day::DATE) - 1 AS mark
    FROM mark JOIN facts_of_day.item AS item USING (item_id)
),
followed AS (
    SELECT
        spell.branch, spell.shelf_class, spell.item_no, greatest(begin, mark + 1) AS low, least(until, mark + $months) AS high,
        woken AND until <= mark + $months AS lent
    FROM spell JOIN marked USING (item_no)
    WHERE greatest(begin, mark + 1) <= least(until, mark + $months)
),
cell AS (
    SELECT
        branch, shelf_class, min(low) AS low, max(high) AS high, count_if(lent) AS lent, sum(high - low + 1) AS months,
        count(*) AS items
    FROM followed
    GROUP BY branch, shelf_class
),
other AS (
    SELECT
        branch, shelf_class, count_if(spell.woken AND spell.until <= cell.high) AS lent,
        sum(least(spell.until, cell.high) - greatest(spell.begin, cell.low) + 1) AS months
    FROM spell JOIN cell USING (branch, shelf_class)
    WHERE greatest(spell.begin, cell.low) <= least(spell.until, cell.high)
        AND spell.item_no NOT IN (SELECT item_no FROM marked)
    GROUP BY branch, shelf_class
)
SELECT
    branch, shelf_class, cell.items::INTEGER AS items, cell.lent::INTEGER AS lent, cell.months::INTEGER AS months,
    coalesce(other.lent, 0)::INTEGER AS other_lent, coalesce(other.months, 0)::BIGINT AS other_months
FROM cell LEFT JOIN other USING (branch, shelf_class)
ORDER BY branch, shelf_class
