"""What titles are compared by: grams of characters, each with a weight, and the words that can be shown to a person.

A run is a stretch of one script: kanji, katakana, Latin letters, hiragana. Grams never reach over the end of a run, so
that particles and marks between words say nothing. A heading of the 件名 counts as a whole as well.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from collection.sources.normalise.keys import variants

FIELDS = {"title": 1.0, "subjects": 1.0, "series": 0.3, "title_kana": 0.3}  # how much a gram counts by where it stands
SAYING = ("title", "subjects")  # where shared words are looked for
HAN, KATAKANA, LATIN, HIRAGANA = r"\p{Han}ヶ", "ァ-ヺー", "a-z", "ぁ-ゖー"
READ = 300  # characters of a field that are read; more say nothing new, and could only be meant to keep us busy
RUN = rf"[{HAN}]{{1,40}}|[{KATAKANA}]{{2,40}}|[{LATIN}][{LATIN}0-9+#]{{0,39}}|[{HIRAGANA}]{{3,40}}"
HEADING = "="  # before a heading that stands for itself
PARTED = r"[;；]|--|[－—―]"
LONG = 4  # kanji from which a piece in the middle of a run is a word by itself
ENDINGS = "学法論史誌書集館者会家員的性化展課編記録物線器所院校園力式用"
COMMON = 0.3  # what grams of common words count
NUMERAL = re.compile("[一二三四五六七八九十百千〇第全続新旧巻年月日版編篇上中下冊号回期次世紀代]+")


@cache
def common() -> re.Pattern:
    """Whole words, and compounds of them, that say nothing of a subject."""
    named = tomllib.loads((Path(__file__).parent / "common_words.toml").read_text(encoding="utf-8"))["title_words"]
    return re.compile(f"(?:{'|'.join(map(re.escape, sorted(named, key=len, reverse=True)))})++")


def runs(bibs: pl.DataFrame) -> pl.DataFrame:
    """The runs of each record, one row each: row (of `bibs`), field, run.

    Args:
        bibs: the columns FIELDS, strings or null.
    """
    found = []
    for field in FIELDS:
        texts = bibs.select(text=field).with_row_index("row").drop_nulls()
        unique = texts.select(pl.col("text").unique(maintain_order=True))
        folded = plain(unique["text"].str.slice(0, READ))
        words = folded.str.replace_all(PARTED, ";").str.extract_all(RUN)
        if field == "subjects":
            headings = (
                folded.str.replace_all(PARTED, ";").str.split(";").list.eval(HEADING + pl.element().str.strip_chars())
            )
            words = pl.select(pl.concat_list(words, headings)).to_series()
        spoken = (
            unique.with_columns(run=words.list.unique(maintain_order=True))
            .explode("run")
            .drop_nulls()
            .filter(pl.col("run") != HEADING)
        )
        found.append(texts.join(spoken, on="text").select("row", run="run", field=pl.lit(field)))
    return pl.concat(found)


def plain(texts: pl.Series) -> pl.Series:
    """Texts as they are compared: NFKC, lower case, variant characters folded; marks and spaces stay, they part words."""
    return texts.str.normalize("NFKC").str.to_lowercase().str.replace_many(variants())


def grams(run: str) -> dict[str, float]:
    """The grams of a run and what each counts."""
    first = run[0]
    if first == HEADING:
        return {run: 1.0}
    if "a" <= first <= "z":
        return {run: 1.0}
    if "ァ" <= first <= "ー":
        part = COMMON if common().fullmatch(run) else 1.0
        return {run[at : at + 3]: 0.5 * part for at in range(len(run) - 2)} | {run: part}
    if "ぁ" <= first <= "ゖ":
        return {run[at : at + 3]: 0.3 for at in range(len(run) - 2)}
    weak = {at for found in common().finditer(run) for at in range(found.start(), found.end() - 1)}
    return {run[at : at + 2]: COMMON if at in weak else 1.0 for at in range(len(run) - 1)} or {run: 0.7}


def words(run: str) -> set[str]:
    """The words that a run may share with another: itself, of kanji also its beginnings, ends and longer pieces."""
    first = run[0]
    if first == HEADING:
        return {run[1:]}
    if "a" <= first <= "z":
        return {run} if len(run) > 2 else set()
    if "ぁ" <= first <= "ゖ" or len(run) < 2:
        return set()
    return {run} if "ァ" <= first <= "ー" else _pieces(run)


def _pieces(run: str) -> set[str]:
    lead, tail = common().match(run), re.search(rf"(?:{common().pattern})$", run)
    starts = {0, lead.end() if lead else 0}
    ends = {len(run), tail.start() if tail else len(run)}
    found = set()
    for start in range(len(run) - 1):
        for end in range(start + 2, len(run) + 1):
            piece, begins, ceases = run[start:end], start in starts, end in ends
            if (begins and ceases) or len(piece) >= LONG or ((begins or ceases) and not _torn(run, start, end, ceases)):
                found.add(piece)
    return found


def _torn(run: str, start: int, end: int, ceases: bool) -> bool:
    """Whether a short piece is rather a word with half of another: 現代俳 of 現代俳句, 済学 of 経済学, 学入 of 社会学入門."""
    piece = run[start:end]
    if len(piece) == 3:
        return bool(common().fullmatch(piece[:2]) or common().fullmatch(piece[1:]))
    return (start > 0 and piece[0] in ENDINGS) or (ceases and len(run) % 2 == 1 and piece[1] in ENDINGS)


def telling(shared: list[str]) -> list[str]:
    """Of the words that two titles share those that say what they are about, none of them part of another, in order."""
    longest, seen = [], ""
    for word in sorted(shared, key=len, reverse=True):
        if word not in seen:
            seen += f"\n{word}"
            longest.append(word)
    return sorted(filter(_says, longest))


@lru_cache(maxsize=500_000)
def _says(word: str) -> bool:
    return not (common().fullmatch(word) or NUMERAL.fullmatch(word))


def gram_matrix(found: pl.DataFrame, size: int) -> tuple[csr_array, list[str]]:
    """Records × grams (what each counts, at most 1), with the grams in order.

    Args:
        found: `runs` of the records; size: how many records there are.
    """
    return _matrix(found, found["field"].replace_strict(FIELDS, return_dtype=pl.Float32), size, grams)


def word_matrix(found: pl.DataFrame, size: int) -> tuple[csr_array, list[str]]:
    """Records × words of their titles and headings (0 or 1), with the words in order; arguments as in `gram_matrix`."""
    said = found.filter(pl.col("field").is_in(SAYING))
    ones = pl.Series([1.0], dtype=pl.Float32).new_from_index(0, len(said))
    return _matrix(said, ones, size, lambda run: dict.fromkeys(words(run), 1.0))


def _matrix(
    found: pl.DataFrame, counts: pl.Series, size: int, parts: Callable[[str], Mapping[str, float]]
) -> tuple[csr_array, list[str]]:
    unique = found["run"].unique().sort()
    columns = found["run"].replace_strict(unique, np.arange(len(unique)), return_dtype=pl.UInt32)
    of_run = csr_array((counts.to_numpy(), (found["row"].to_numpy(), columns.to_numpy())), shape=(size, len(unique)))
    of_part, named = _table([parts(run) for run in unique])
    matrix = of_run @ of_part
    np.minimum(matrix.data, 1, out=matrix.data)
    matrix.sort_indices()
    return matrix, named


def _table(rows: list[Mapping[str, float]]) -> tuple[csr_array, list[str]]:
    """Rows of weights by name as a matrix, its columns in the order of the names."""
    names = sorted(set().union(*rows))
    place = {name: at for at, name in enumerate(names)}
    indptr = np.cumsum([0, *map(len, rows)])
    indices = np.fromiter((place[name] for row in rows for name in row), np.int32, indptr[-1])
    data = np.fromiter((weight for row in rows for weight in row.values()), np.float32, indptr[-1])
    return csr_array((data, indices, indptr), shape=(len(rows), len(names))), names
