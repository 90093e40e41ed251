-- How many titles and items of each 目 has each author, publisher or series: in a part of the holdings, there once all that
-- is on its way out has left, and in the whole library?
-- A title is a record; it counts once for each of its authors. value NULL: not on record. kind 'whole': all of the 目.
-- Parameters: kinds (of author, publisher, series); ndc (beginnings of classes; NULL = every 目); branch, location, audience,
-- material (lists of codes, '' = not on record; NULL lets everything through). Reads decided.
-- Read by neutrality.py.
WITH leaving AS (
    SELECT item_no FROM decided
    WHERE road <> 'readmitted' OR tag = 'withdraw' OR entry IN ('entered', 'withdraw') AND list_state <> 'decided'
),
looked_at AS (
    SELECT
        item_no, bib_no, ndc AS section,
        ($branch IS NULL OR list_contains($branch, branch))
        AND ($location IS NULL OR list_contains($location, coalesce(location, '')))
        AND ($audience IS NULL OR list_contains($audience, coalesce(audience, '')))
        AND ($material IS NULL OR list_contains($material, coalesce(material, ''))) AS inside
    FROM judged
    WHERE length(ndc) = 3
        AND ($ndc IS NULL OR list_contains($ndc, ndc[1]) OR list_contains($ndc, ndc[1:2]) OR list_contains($ndc, ndc))
),
title AS (
    SELECT
        bib_no, any_value(section) AS section, count(*) FILTER (inside) AS items,
        count(*) FILTER (inside AND item_no NOT IN (FROM leaving)) AS items_after, count(*) AS items_library
    FROM looked_at
    GROUP BY bib_no
),
said AS MATERIALIZED (
    SELECT section, items, items_after, items_library, author, publisher, series
    FROM title JOIN facts_of_day.bib AS bib ON bib.bib_no = title.bib_no
),
valued AS (
    SELECT section, 'whole' AS kind, NULL AS value, items, items_after, items_library FROM said
    UNION ALL
    SELECT section, 'publisher', publisher, items, items_after, items_library FROM said
    WHERE list_contains($kinds, 'publisher')
    UNION ALL
    SELECT section, 'series', series, items, items_after, items_library FROM said WHERE list_contains($kinds, 'series')
    UNION ALL
    SELECT section, 'author', author, items, items_after, items_library FROM said
    WHERE list_contains($kinds, 'author') AND (author IS NULL OR NOT contains(author, ';'))
    UNION ALL
    SELECT
        section, 'author', unnest(list_distinct(list_transform(string_split(author, ';'), lambda part: trim(part)))),
        items, items_after, items_library
    FROM said
    WHERE list_contains($kinds, 'author') AND contains(author, ';')
)
SELECT
    section, kind, value,
    count(*) FILTER (items > 0) AS titles, sum(items)::BIGINT AS items,
    count(*) FILTER (items_after > 0) AS titles_after, sum(items_after)::BIGINT AS items_after,
    count(*) AS titles_library, sum(items_library)::BIGINT AS items_library
FROM valued
WHERE value IS NULL OR value <> ''
GROUP BY section, kind, value
