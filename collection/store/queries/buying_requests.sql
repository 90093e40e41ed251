-- Which requests wait for a title, the oldest first? Those accepted, those with the committee, and those joined to one of
-- them. Read by buying/wanted.py, from the ledger.
SELECT subject AS no, state, details
FROM present
WHERE aspect = 'request' AND state IN ('accepted', 'to_committee', 'joined')
ORDER BY state = 'joined', subject
