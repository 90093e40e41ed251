-- Which held items does the filter of the list let through? A part whose value is NULL lets everything through.
-- Parameters: branch, location, shelf_class, criterion, verdict ('none' = untouched), route (lists of codes);
--   score_from, score_to, year_from, year_to, idle_from (numbers); rule (a rule id);
--   text and text_key (what was typed, and the same folded as bib.title_key is).
-- Read by: candidates.py, which puts it before candidates_totals, candidates_page and candidates_list as `scope`.
SELECT *
FROM judged
WHERE ($branch IS NULL OR list_contains($branch, branch))
    AND ($location IS NULL OR list_contains($location, location))
    AND ($shelf_class IS NULL OR list_contains($shelf_class, shelf_class))
    AND ($criterion IS NULL OR list_contains($criterion, criterion))
    AND ($verdict IS NULL OR list_contains($verdict, coalesce(verdict, 'none')))
    AND ($route IS NULL OR list_contains($route, route))
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
