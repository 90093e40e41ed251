"""How like two descriptions of a book are, part by part: 0–100, null where one of them says nothing.

`pairs` has the columns of title_keys.KEYS for a record, and the same with asked_ before them for what is asked.
"""

import re
from collections import Counter
from itertools import groupby
from os.path import commonprefix

import polars as pl
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, LCSseq

from collection.selection.title_keys import NUMERALS

SUBTITLE = 3  # taken off when only one side has a subtitle
SLIPS = 2  # that may be in one title
SLIP = 7  # taken off for each
LETTERS_OF_A_SLIP = 4  # characters that a title has for each at least
PART, OTHER_NAME = 95, 70  # what a name counts of which the other is a part, and at most one that is another
LONG_NAME = 5  # characters
NUMBER = re.compile("[0-9]+|[一二三四五六七八九十]+|(?<![a-z])(?:[ivx]+|[a-z]{1,2})(?![a-z])")
SEQUELS = set("続正新別")  # a title with one of them is not the title without
OPPOSED = set("上中下前後左右東西南北新旧初高低大小男女春夏秋冬内外正副")


def _one_has_none(head: str, body: str) -> pl.Expr:
    return (pl.col("asked_head") == pl.col("asked_body")) != (pl.col(head) == pl.col(body))


WAYS = (  # which keys are compared, and of which pairs
    ("whole", "whole", pl.col("asked_whole") == pl.col("whole")),
    ("body", "body", pl.lit(True)),
    ("body", "reading", pl.col("reading").is_not_null()),
    ("head", "head", _one_has_none("head", "body")),
    ("head", "reading_head", _one_has_none("reading_head", "reading")),
)


def titles(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs with title, their best likeness by title or reading; left and right, the texts that were compared; and headed,
    whether without the subtitle that only one side has.
    """
    pairs = pairs.with_row_index("pair")
    every = pl.concat(
        pairs.filter(allowed).select("pair", left=f"asked_{asked}", right=held, headed=pl.lit(asked == "head"))
        for asked, held, allowed in WAYS
    ).drop_nulls()
    every = every.with_columns(title=alike(every["left"], every["right"]) - SUBTITLE * pl.col("headed"))
    best = every.sort("pair", "title", descending=[False, True], maintain_order=True).group_by("pair").first()
    return pairs.join(best, on="pair", how="left", maintain_order="left").drop("pair")


def slips(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs, the title likelier where it is no more than a few slips off.

    Adds slips, how many characters of left are wrong, missing, doubled or in the wrong place, measured by right; and of those
    with 1 to SLIPS what `slip` tells: grave, other_word and other_number.
    """
    pairs = pairs.with_columns(slips=alike(pairs["left"], pairs["right"], OSA.distance)).with_row_index("pair")
    few = pairs.filter(pl.col("slips").is_between(1, SLIPS)).select("pair", "left", "right", "slips")
    told = [(pair, *slip(left, right, slips)) for pair, left, right, slips in few.iter_rows()]
    kinds = {"pair": pl.UInt32, "grave": pl.Int64, "other_word": pl.Boolean, "other_number": pl.Boolean}
    pairs = pairs.join(pl.DataFrame(told, kinds, orient="row"), on="pair", how="left", maintain_order="left").drop(
        "pair"
    )
    near = pl.col("grave").is_not_null() & (pl.col("slips") * LETTERS_OF_A_SLIP <= pl.col("left").str.len_chars())
    likelier = pl.max_horizontal("title", 100 - SLIP * pl.col("slips"))
    return pairs.with_columns(title=pl.when(near).then(likelier).otherwise("title"), grave=pl.col("grave").fill_null(0))


def slip(left: str, right: str, slips: float) -> tuple[int, bool, bool]:
    """Of two titles that are so many slips apart.

    Returns:
        grave, how many of the slips are more than a character doubled or in the wrong place; whether these stand together and
        so make another word; whether the titles name other numbers (第2次, 平成10年, 数学A), each a word against the other (東, 西),
        or one a sequel (続).
    """
    letters = [Counter(letter for letter, _ in groupby(text)) for text in (left, right)]
    grave = max(each.total() for each in letters) - (letters[0] & letters[1]).total()
    same = len(commonprefix([left, right])) + len(commonprefix([left[::-1], right[::-1]]))
    opposed = [set(text) & OPPOSED for text in (left, right)]
    other_part = opposed[0] - opposed[1] and opposed[1] - opposed[0] or (set(left) ^ set(right)) & SEQUELS
    other_number = _numbers(left) != _numbers(right) or bool(other_part)
    return grave, grave > 1 and max(len(left), len(right)) - same <= slips, other_number


def _numbers(text: str) -> list[str]:
    """The numbers in a text, also those that are letters (ii, a)."""
    return sorted(NUMERALS.get(number, number) for number in NUMBER.findall(text))


def author(pairs: pl.DataFrame) -> pl.Series:
    """The best likeness of any two names. A family name, or a name with more before or behind it, counts PART; names that
    differ by more than a slip, and long ones (of bodies, alike but for their place) by anything, OTHER_NAME at most.
    """
    every = pairs.select("asked_names", "names").with_row_index("pair")
    names = every.explode("asked_names").explode("names").drop_nulls()
    like, slips = (alike(names["asked_names"], names["names"], scorer) for scorer in (fuzz.ratio, OSA.distance))
    slip = (slips <= 1) & (pl.col("asked_names").str.len_chars() <= LONG_NAME)
    likely = pl.when(part("asked_names", "names")).then(pl.max_horizontal(like, PART)).when(slip).then(like)
    best = names.select("pair", like=likely.otherwise(like.clip(upper_bound=OTHER_NAME))).group_by("pair").max()
    return every.join(best, on="pair", how="left", maintain_order="left")["like"]


def part(one: str, other: str) -> pl.Expr:
    """Whether one name is the beginning or the end of the other; null where a side names nobody."""
    left, right = pl.col(one), pl.col(other)
    begins = left.str.starts_with(right) | right.str.starts_with(left)
    return begins | left.str.ends_with(right) | right.str.ends_with(left)


def publisher(pairs: pl.DataFrame) -> pl.Series:
    """How much of the shorter name stands in the longer, in its order: 100 for 岩波 and 岩波書店, 東大出版会 and 東京大学出版会."""
    shared = alike(pairs["asked_publisher"], pairs["publisher"], LCSseq.similarity)
    shorter = pairs.select(pl.min_horizontal(pl.col("asked_publisher", "publisher").str.len_chars())).to_series()
    return shared / shorter * 100


def alike(one: pl.Series, other: pl.Series, scorer=fuzz.ratio) -> pl.Series:
    """rapidfuzz of two series of texts, row by row; null where a text is null."""
    if one.null_count() or other.null_count():
        found = alike(one.fill_null(""), other.fill_null(""), scorer)
        return found.set(one.is_null() | other.is_null(), None)
    return pl.Series(process.cpdist(one.to_list(), other.to_list(), scorer=scorer), dtype=pl.Float64)
