-- Which snapshot, flags and policy each list of the committee was drawn from, as its drafting says. No parameters. SQLite. Read by backup and doctor.
SELECT
    subject AS list_no,
    json_extract(details, '$.snapshot') AS snapshot,
    json_extract(details, '$.flags') AS flags,
    json_extract(details, '$.policy') || '-' || json_extract(details, '$.policy_hash') AS policy
FROM event
WHERE aspect = 'list' AND kind = 'draft'
ORDER BY seq
