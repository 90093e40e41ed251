-- Over which snapshot (file name) and for which day were the flags made? Read by models/agreement/parting.py.
SELECT snapshot, as_of FROM flags.judging
