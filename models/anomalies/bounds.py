"""Every bound of 気になる動き, with its reason. They are of the model, no operating values: nothing is decided by them."""

ALARMS = 0.01  # of the findings of a kind, the part that chance alone may make (Benjamini–Hochberg)
TIMES = 3.0  # so many times the usual, else it is not worth a manager's time, however certain
IDLE = 36  # months without a loan that count as long idle: with five years of figures two years are left to look at
WOKEN = 6  # items of one class lent again in one month: fewer is one reader with one subject
STEADY = 20.0  # loans that weigh as much as the season of the other shelves: fewer tell no season
ASIDE = 0.005  # of the months, those that differ most, left out where the library's own ups and downs are measured
ASIDE_LEAST = 3  # of them in a small library: a few unusual months are no measure of the others
NEIGHBOURS = 200  # items side by side on the shelf, about five metres
LOANS = 3  # of one item in the month that ended its long idleness; a loan runs two weeks, so a copy can hardly go out more often
AFTER = 6  # months after a tag or a list in which a loan counts as an answer to it: lists take that long to be approved
MARKED = 5  # marked items lent again: fewer is chance in any class
DATES = 20  # items of a branch whose last loan moved to one day without loans
A_DAY = 0.1  # such items a day that are usual where there are none: a correction by hand now and then
FOUND = 10  # missing items of a branch that came back together
TAGS = 50  # tags of a person that can be compared
OTHERS = 10  # tags of the others on items of which the rules said the same
PERSONS = 2  # of those others: between two persons nobody can say who is the unusual one
APART = 0.15  # difference of a person's share from the others'
