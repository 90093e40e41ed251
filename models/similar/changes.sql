-- The records that are new, gone or say something else, and those that lost a neighbour (now; NULL: gone) with their blocks.
-- No parameters. Reads changed, kept. Read by grown.py.
SELECT now, block, block_before, true AS changed FROM changed WHERE NOT same
UNION ALL
SELECT now, block, block, false FROM changed WHERE now IN (SELECT bib_no FROM kept WHERE lost)
