-- What was set and reported of a plan, newest first. Parameters: plan, its id ("" leaves the setting of it out); part, how
-- the subjects of the reports begin: "minato-2021/". Runs on the ledger. Read by plans/keeping.py.
SELECT seq, aspect, subject, kind, name, role, at, reason, details
FROM event
WHERE (aspect = 'plan' AND subject = $plan)
    OR (aspect = 'plan_report' AND substr(subject, 1, length($part)) = $part)
ORDER BY seq DESC
