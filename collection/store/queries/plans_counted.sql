-- Which items did the targets of a plan count, received from $first to $last? Items since gone count too. An item counts
-- once for each target, however many of its filters let it through.
-- Parameters: wanted, a JSON list of filters, each with `key` (of its target) and lists of values for branch, location,
--   audience, material, ndc (how the class begins), local, source, words (folded as bib.title_key is) and subjects (those
--   that hold one of the words); what is not there lets everything through. first and last, days.
-- Read by plans/counting.py, which puts it before plans_received and plans_books as `counted`.
SELECT DISTINCT wanted.key, item.item_no, item.accession_date
FROM facts_of_day.item AS item
LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = item.bib_no
JOIN (
    SELECT unnest(from_json($wanted::JSON, '[{
        "key": "VARCHAR", "branch": ["VARCHAR"], "location": ["VARCHAR"], "audience": ["VARCHAR"], "material": ["VARCHAR"],
        "ndc": ["VARCHAR"], "local": ["VARCHAR"], "source": ["VARCHAR"], "words": ["VARCHAR"], "subjects": ["VARCHAR"]
    }]'), recursive := true)
) AS wanted
    ON (wanted.branch IS NULL OR list_contains(wanted.branch, item.branch))
    AND (wanted.location IS NULL OR list_contains(wanted.location, item.location))
    AND (wanted.audience IS NULL OR list_contains(wanted.audience, bib.audience))
    AND (wanted.material IS NULL OR list_contains(wanted.material, bib.material))
    AND (wanted.source IS NULL OR list_contains(wanted.source, item.source))
    AND (wanted.local IS NULL OR list_has_any(wanted.local, string_split(bib.local, ';')))
    AND (wanted.ndc IS NULL OR len(list_filter(wanted.ndc, lambda part: starts_with(bib.ndc, part))) > 0)
    AND (
        wanted.words IS NULL
        OR len(list_filter(wanted.words, lambda part: contains(bib.title_key, part))) > 0
        OR list_has_any(wanted.subjects, string_split(bib.subjects, ';'))
    )
WHERE item.accession_date BETWEEN $first AND $last
