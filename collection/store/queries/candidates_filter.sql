-- Which held items does the filter of the list let through? A part whose value is NULL lets everything through.
-- Parameters: branch, shelf_class, criterion, verdict ('none' = untouched), route, location, audience and material
--   (lists of codes, 'none' = not on record); sign (a list, each of which must hold: surplus, superseded, past_life, never_lent,
--   asked_for, local, clue, listed); score_from, score_to, year_from, year_to, idle_from, received (numbers); rule (a rule
--   id); ndc (how the class begins, 'none': none on record); author (one of the record's), publisher, series (as the record writes it), of_bib
--   (NULL when none of these three is given, so that records are not looked at);
--   text and text_key (what was typed, and the same folded as bib.title_key is);
--   tag (list of tags, 'none', 'list', 'road', 'all'; NULL: all but what is on the road away); by (an account).
-- Reads decided (decisions.attach).
-- Read by: candidates.py, which puts it before candidates_totals, candidates_page and candidates_list as `scope`.
SELECT *
FROM judged
WHERE ($branch IS NULL OR list_contains($branch, branch))
    AND ($location IS NULL OR list_contains($location, coalesce(location, 'none')))
    AND ($shelf_class IS NULL OR list_contains($shelf_class, shelf_class))
    AND ($criterion IS NULL OR list_contains($criterion, criterion))
    AND ($verdict IS NULL OR list_contains($verdict, coalesce(verdict, 'none')))
    AND ($route IS NULL OR list_contains($route, route))
    AND ($audience IS NULL OR list_contains($audience, coalesce(audience, 'none')))
    AND ($material IS NULL OR list_contains($material, coalesce(material, 'none')))
    AND ($ndc IS NULL OR starts_with(ndc, $ndc) OR ($ndc = 'none' AND ndc IS NULL))
    AND ($received IS NULL OR received = $received)
    AND (
        $sign IS NULL
        OR (surplus OR NOT list_contains($sign, 'surplus'))
        AND (superseded OR NOT list_contains($sign, 'superseded'))
        AND (years_published > class_shelf_life OR NOT list_contains($sign, 'past_life'))
        AND (never_lent AND circulates OR NOT list_contains($sign, 'never_lent'))
        AND (holds > 0 OR NOT list_contains($sign, 'asked_for'))
        AND (local IS NOT NULL OR NOT list_contains($sign, 'local'))
        AND (local_clue IS NOT NULL OR NOT list_contains($sign, 'clue'))
        AND (listed IS NOT NULL OR NOT list_contains($sign, 'listed'))
    )
    AND (
        $of_bib IS NULL
        OR bib_no IN (
            SELECT bib_no FROM facts_of_day.bib
            WHERE $of_bib AND ($author IS NULL OR contains(';' || author || ';', ';' || $author || ';')) AND ($publisher IS NULL OR publisher = $publisher)
                AND ($series IS NULL OR series = $series)
        )
    )
    AND ($score_from IS NULL OR score >= $score_from)
    AND ($score_to IS NULL OR score <= $score_to)
    AND ($year_from IS NULL OR pub_year >= $year_from)
    AND ($year_to IS NULL OR pub_year <= $year_to)
    AND ($idle_from IS NULL OR idle_years >= $idle_from)
    AND ($rule IS NULL OR rule = $rule OR contains(';' || protected_by || ';', ';' || $rule || ';'))
    AND (
        $text IS NULL
        OR bib_no IN (
            SELECT bib_no FROM facts_of_day.bib
            WHERE ($text_key <> '' AND contains(title_key, $text_key))
                OR contains(replace(author, ' ', ''), replace($text, ' ', ''))
                OR starts_with(ndc, $text)
                OR isbn = replace($text, '-', '')
                OR bib_id = $text
        )
        OR item_no IN (
            SELECT item_no FROM facts_of_day.item
            WHERE item_id = $text OR starts_with(call_number, $text)
        )
    )
    AND (
        $tag IS NOT NULL
        OR item_no NOT IN (SELECT item_no FROM decided WHERE road IS NOT NULL AND road <> 'readmitted')
    )
    AND (
        $tag IS NULL
        OR list_contains($tag, 'all')
        OR item_no IN (
            SELECT item_no FROM decided
            WHERE CASE
                WHEN road IS NOT NULL AND road <> 'readmitted' THEN list_contains($tag, 'road')
                WHEN entry IS NOT NULL AND list_state <> 'decided' AND list_contains($tag, 'list') THEN true
                ELSE list_contains($tag, tag)
            END
        )
        OR (
            list_contains($tag, 'none')
            AND item_no NOT IN (
                SELECT item_no FROM decided WHERE tag IS NOT NULL OR (road IS NOT NULL AND road <> 'readmitted')
            )
        )
    )
    AND ($by IS NULL OR item_no IN (SELECT item_no FROM decided WHERE tag IS NOT NULL AND tag_person = $by))
