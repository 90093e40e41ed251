"""類本, similar titles: for every title its neighbours on the same narrow subject, each with the words both share.

The only model that a rule reads (survivors of kind `similar`), because its evidence, words and class, can be checked by anyone.
"""
