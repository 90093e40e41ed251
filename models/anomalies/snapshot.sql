-- Over which snapshot (file name) were the flags made? Read by models/anomalies/train.py.
SELECT snapshot FROM flags.judging
