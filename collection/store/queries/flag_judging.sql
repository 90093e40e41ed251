-- Which policy was laid over which snapshot? Parameters as named. Read by every page.
INSERT INTO judging VALUES ($policy, $hash, $in_force, $as_of, $snapshot, $ledger_seq)
