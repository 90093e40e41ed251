-- The facts that the model looks at, for items whose facts are `known` (then.sql or now.sql, filled in by decided.py).
-- The day of the facts is the cutoff: nothing later is in them. Figures are capped where more tells nothing.
-- class_prefix: whose operating values of the pack hold (class_rule: prefix). Read by models/agreement/decided.py.
WITH known AS (
{known}
),
ruled AS (
    SELECT ndc, arg_max(prefix, length(prefix)) AS class_prefix
    FROM (SELECT DISTINCT ndc FROM known WHERE ndc IS NOT NULL) JOIN class_rule ON starts_with(ndc, prefix)
    GROUP BY ndc
)
SELECT
    {keys},
    ruled.class_prefix,
    least(known.idle_years, 30)::DOUBLE AS idle_years,
    least(greatest(year(as_of) - pub_year, 0), 60)::DOUBLE AS years_published,
    least(datesub('year', accession_date, as_of), 60)::DOUBLE AS years_held,
    score::DOUBLE AS score,
    least(loans_3y, 10)::DOUBLE AS loans_3y,
    least(copies, 6)::DOUBLE AS copies,
    least(holds, 3)::DOUBLE AS holds,
    coalesce(criterion, 'none') AS criterion,
    CASE WHEN audience = 'child' THEN 'K' ELSE coalesce(known.ndc[1], '-') END AS shelf_class,
    coalesce(audience, 'none') AS audience,
    coalesce(material, 'none') AS material,
    coalesce(branch, 'none') AS branch,
    coalesce(location, 'none') AS location,
    coalesce(survivor_kind, 'none') AS survivor_kind,
    CASE WHEN local IS NULL THEN 'no' ELSE 'yes' END AS local,
    coalesce(verdict, 'none') AS verdict
FROM known
LEFT JOIN ruled ON ruled.ndc = known.ndc
