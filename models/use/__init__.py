"""利用の予測: how often each item is likely to be lent in the next 12 and 36 months, and one copy of a title at each branch.

train.py makes the tables, from the rows that rows.py reads (features.sql, truth.sql, levels.sql, places.sql), with the learner of
learn.py; tried.py tries it on past years beside two plain guesses.
"""
