-- What does each rule say of each held item under other operating values? Filled in by whatif.py: classes, the class's idle
-- years and shelf life by class_prefix; surplus; rules, the columns of the rules that the values bear on.
-- Reads base (the table `ruled` of flag_rules.sql with the facts those rules need). Read by flag_standing.sql and others.
CREATE OR REPLACE TEMP VIEW ruled AS
SELECT * REPLACE ({rules})
FROM (SELECT * REPLACE ({classes}, {surplus}) FROM base)
