-- How many held items does each rule touch today, and how many can it not tell of?
-- Parameters: none. Read by: 基準.
SELECT rule, hits, unknown FROM rule_count
