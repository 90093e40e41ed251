-- Which items are on their way out: tagged for withdrawal, on an open list of the committee, or on the road away?
-- No parameters. Reads decided. Put by duplicates.py before the queries that count copies, as `leaving`.
SELECT item_no
FROM decided
WHERE tag = 'withdraw' OR road <> 'readmitted' OR (entry IN ('entered', 'withdraw') AND list_state <> 'decided')
