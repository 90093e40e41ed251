"""年報: the official tables of a fiscal year in the layout that the library prints (図書館の概要, 統計資料 1(3), 2(1)–2(4), 4(1)).

settings.py reads what the pack says, counts.py counts, holdings.py and flows.py make the tables, layout.py sets them out, and
files.py writes them; book.py puts a year together.
"""

from collection.yearbook.book import TABLES, Yearbook, of_year, table, whole
from collection.yearbook.counts import begin
from collection.yearbook.files import overview

__all__ = ["TABLES", "Yearbook", "begin", "of_year", "overview", "table", "whole"]
