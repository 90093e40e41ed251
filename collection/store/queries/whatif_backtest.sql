-- Had the rule on low use and low value been applied n years ago, how many items would it have taken, and how many of them
-- went out later? Of the items still held that circulate; protections, survivors and copies are left aside, as they stood
-- then is not known. Idle years are cut down to what the loan figures cover before that day.
-- Filled in by whatif.py: n. Parameters: $then, the day n years ago; $cut, its last month (year * 12 + month - 1);
-- $covered, whole years of loan figures before; $use_only_years, the longer period where use alone decides.
-- Reads ruled (whatif_ruled.sql), past_n (whatif_past.sql). Read by whatif.py.
WITH asked AS (
    SELECT
        ruled.shelf_class, ruled.accession_date, past.last_month, coalesce(past.later, 0) AS later,
        CASE WHEN ruled.use_only THEN greatest(ruled.class_idle_years, $use_only_years) ELSE ruled.class_idle_years END AS idle,
        ruled.use_only OR ruled.years_published - {n} > ruled.class_shelf_life AS of_low_value
    FROM ruled
    LEFT JOIN past_{n} AS past USING (item_no)
    WHERE ruled.circulates
)
SELECT
    shelf_class, count(*) AS items, count(*) FILTER (later > 0) AS went_out, coalesce(sum(later), 0)::BIGINT AS loans,
    max(idle) > $covered AS cut_short
FROM asked
WHERE of_low_value
    AND datesub('year', accession_date, $then::DATE) >= least(idle, $covered)
    AND ($cut - last_month >= 12 * least(idle, $covered) OR last_month IS NULL)
GROUP BY shelf_class
ORDER BY shelf_class
