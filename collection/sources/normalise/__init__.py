"""From what files say to what the store holds: dates, classes, ISBNs, codes, keys.

Every `*_of` reads one value in plain Python and returns ``(value, reason)``: reason is None when all is well, else
a key of words/imports.toml for the report. `sources.typed` runs them over the distinct values of a column only, and
reads plain forms by SQL (`sources.readers.plain_sql`), which tests hold against them as twins. Where nearly every value
differs, as with `match_key`, a form over a whole series stands beside the plain one.
"""

from collection.sources.normalise.classes import Classes, c_code_of, classes_of
from collection.sources.normalise.codes import code_of, count_of, kept_years_of, language_of, truth_of, yen_of
from collection.sources.normalise.dates import date_of, month_of, year_of
from collection.sources.normalise.isbn import isbn_of
from collection.sources.normalise.keys import match_key, match_key_of
from collection.sources.normalise.text import id_of, text_of

__all__ = [
    "Classes",
    "c_code_of",
    "classes_of",
    "code_of",
    "count_of",
    "date_of",
    "id_of",
    "isbn_of",
    "kept_years_of",
    "language_of",
    "match_key",
    "match_key_of",
    "month_of",
    "text_of",
    "truth_of",
    "year_of",
    "yen_of",
]
