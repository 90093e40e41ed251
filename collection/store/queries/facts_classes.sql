-- Which operating values hold for each class on record? The longest prefix of the pack's classes wins.
-- Reads class_rule (prefix, idle_years, shelf_life, use_only, similar). Read by facts_bibs.sql.
CREATE OR REPLACE TEMP TABLE class_value AS
SELECT class_key, value.*
FROM (
    SELECT
        class_key,
        arg_max(
            {
                'class_prefix': prefix,
                'class_idle_years': idle_years,
                'class_shelf_life': shelf_life,
                'use_only': use_only,
                'subject_literature': "similar"
            },
            length(prefix)
        ) AS value
    FROM (SELECT DISTINCT coalesce(ndc, class_mark) AS class_key FROM bib)
    JOIN class_rule ON starts_with(class_key, prefix)
    GROUP BY class_key
)
