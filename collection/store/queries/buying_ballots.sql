-- What each member last said of each line of the buying list. Read by buying/kept.py, from the ledger.
SELECT substr(subject, 1, instr(subject, '/') - 1) AS no, seq, person, name, state AS opinion, coalesce(reason, '') AS comment, on_day
FROM present
WHERE aspect = 'ballot' AND subject GLOB 'P[0-9][0-9][0-9][0-9]-*/*'
ORDER BY seq
