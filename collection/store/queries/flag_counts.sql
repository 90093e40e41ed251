-- How many held items does each rule touch today, and of how many can it not tell? Filled in by flag.py:
-- counts, one struct a rule. Reads ruled and judged. Fills rule_count.
INSERT INTO rule_count
SELECT touched.rule, touched.hits, touched.unknown
FROM (SELECT unnest([{counts}]) AS touched FROM ruled)
