"""規則と人のちがい: how likely the committee keeps a candidate, learnt from what it decided and what was known of it then.

It orders the agenda and shows where the written rules and people part ways; it never says what is to be decided.
"""
