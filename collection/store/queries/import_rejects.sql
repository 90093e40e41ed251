-- The rejected rows of a file as they came, with line and reason in front. $file; reasons are spoken by the table said.
-- raw: the file's rows; line, reason: headings. Rows that only repeat another are no rejects. Run by imports.finishing.
SELECT r.line AS "{line}", v.said AS "{reason}", r.* EXCLUDE (line)
FROM {raw} AS r
JOIN (
    SELECT line, string_agg(DISTINCT replace(said.text, '{{other_line}}', coalesce(other_line, 0)::VARCHAR), ' / ') AS said
    FROM verdict
    JOIN said USING (reason)
    WHERE file = $file AND reason <> 'duplicate_same'
    GROUP BY line
) AS v USING (line)
ORDER BY r.line
