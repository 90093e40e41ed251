-- Which tags of other people would be changed? Parameter: person, an account. Reads chosen. Read by tagging.preview.
SELECT tag_name, tag, count(*) AS items
FROM chosen
WHERE left_out IS NULL AND tag IS NOT NULL AND tag_person <> $person
GROUP BY ALL
ORDER BY items DESC, tag_name, tag
