-- Every row of a list of new titles, in its order; reason: why a row cannot be read (NULL: it can). Filled in by
-- buying/vendor.py: table and raw, as staged; copies and branch, the columns of the file that say so, or NULL.
SELECT
    staged.line, staged.reason, title, volume, series, author, publisher, edition, isbn, c_code, ndc, class_mark, audience,
    material, language, subjects, local, price, pub_year, raw.copies, raw.branch
FROM {table} AS staged
LEFT JOIN (SELECT line, {copies} AS copies, {branch} AS branch FROM {raw}) AS raw ON raw.line = staged.line
ORDER BY staged.line
