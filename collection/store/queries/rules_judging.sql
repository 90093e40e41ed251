-- By which policy, in which version, were the flags made?
-- Parameters: none. Read by: the head of every page. One row.
SELECT policy, policy_hash, in_force, as_of, snapshot, ledger_seq FROM judging
