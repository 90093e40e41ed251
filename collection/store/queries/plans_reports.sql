-- What people reported on a plan: the latest event of each chain whose subject begins with $plan.
-- Parameter: plan, as "minato-2021/". Runs on the ledger. Read by plans/keeping.py.
SELECT event.seq, event.subject, event.name, event.at, event.reason, event.details
FROM event JOIN (
    SELECT max(seq) AS seq FROM event
    WHERE aspect = 'plan_report' AND substr(subject, 1, length($plan)) = $plan
    GROUP BY subject
) AS latest USING (seq)
