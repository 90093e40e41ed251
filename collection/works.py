"""Which records are the same work, and which the same bibliographic unit (copies of one another).

Same unit: same title, author, translator, volume and form, with no difference in edition (SEMANTICS:
a bunko reprint that was not revised is a copy). Same work: the same, in any edition. Records are brought together by their keys,
then by ISBN, then by titles that differ in kana only. When in doubt two records stay apart: a
wrong match could cost the last copy of a work, a missed one costs nothing.
"""

import duckdb
import numpy as np
import polars as pl
from rapidfuzz import fuzz, process
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from collection.sources.normalise import match_key
from collection.store.connection import sql

KANJI_DIGITS = dict(zip("〇一二三四五六七八九", "0123456789", strict=True))
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
YEAR_EDITION = r"(?:(令和|平成|昭和)(元|[0-9]{1,2})|([12][0-9]{3}))(?:[-~/〜・][0-9]{1,4})?年?(?:度)?版"
NUMBER_EDITION = r"第?([0-9]{1,3}|[一二三四五六七八九十]{1,3})版"
REVISED = r"(?:全面)?(?:改訂新版|改訂版|改訂|改定版|新訂版|新訂|増補版|増補|補訂版|補訂|全訂版|全訂|新版|改版)"
ROLE = (
    r"(?:原作|原著|編著|共著|共編|監修|監訳|著者|編者|著|作|文|編|画|絵|撮影|写真|さく|ぶん|え|ほか|他|\[.*?\])+\s*\.?$"
)
TRANSLATOR = r"([^;；／/]+?)\s*[／/]?\s*(?:共訳|新訳|訳|やく)(?:\s|[;；／/,.]|$)"
OTHER_FORMS = (
    "large_print",
    "braille",
    "daisy",
    "cd",
    "dvd",
    "video",
    "cassette",
    "score",
    "map",
    "kamishibai",
    "comic",
)
SERIALS = ("periodical", "newspaper", "yearbook")
ALIKE = 90  # rapidfuzz ratio (0–100) from which titles that differ in kana only are one


def edition_of(text: pl.Expr) -> list[pl.Expr]:
    """Edition number, revision mark and edition year (西暦) said in an NFKC text: three integer columns, NULL or 0 when absent."""
    era, era_year, year = (text.str.extract(YEAR_EDITION, group) for group in (1, 2, 3))
    number = text.str.replace_all(YEAR_EDITION, "").str.extract(NUMBER_EDITION, 1)
    tens = number.str.contains("十")
    plain = number.str.replace_many(list(KANJI_DIGITS), list(KANJI_DIGITS.values())).str.replace(
        "十", "1", literal=True
    )
    return [
        pl.when(tens).then(_kanji_tens(number)).otherwise(plain.cast(pl.Int32, strict=False)).alias("edition_number"),
        text.str.count_matches(REVISED).fill_null(0).cast(pl.Int32).alias("revised"),
        pl.coalesce(
            year.cast(pl.Int32, strict=False),
            era.replace_strict(ERAS, default=None, return_dtype=pl.Int32)
            + era_year.replace("元", "1").cast(pl.Int32, strict=False),
        ).alias("edition_year"),
    ]


def _kanji_tens(number: pl.Expr) -> pl.Expr:
    """十 → 10, 十二 → 12, 二十 → 20, 二十三 → 23."""
    before, after = (
        number.str.extract(pattern, 1).replace_strict(KANJI_DIGITS, default=None) for pattern in ("^(.)十", "十(.)$")
    )
    return before.cast(pl.Int32, strict=False).fill_null(1) * 10 + after.cast(pl.Int32, strict=False).fill_null(0)


def without_edition(text: pl.Expr) -> pl.Expr:
    """The title without its edition words."""
    bare = text.str.replace_all(YEAR_EDITION, " ").str.replace_all(NUMBER_EDITION, " ").str.replace_all(REVISED, " ")
    return pl.when(bare.str.strip_chars(" ()[]【】〈〉「」").str.len_chars() > 0).then(bare).otherwise(text)


def author_key(author: pl.Series) -> pl.Series:
    """First author and translator, without roles and dates of life: what must agree for two records to be one work."""
    text = author.str.normalize("NFKC").str.replace_all(r"[0-9]{4}-(?:[0-9]{4})?", "")
    first = text.str.split(";").list.first().str.split("/").list.first().str.strip_chars()
    translator = text.str.extract(TRANSLATOR, 1).fill_null("")
    return match_key(first.str.replace(ROLE, "")).fill_null("") + "/" + match_key(translator).fill_null("")


def assign(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill work_no, unit_no and edition_rank of table `bib`, then work_no and unit_no of table `item`.

    A bib's work_no and unit_no are the smallest bib_no of its group. edition_rank orders the units of a
    work from 1 = oldest by edition year, edition number and publication year; it is NULL where those do
    not tell, so that nothing is called newer by guess. An item's numbers are the smallest item_no of its
    group; issues of a serial and volumes catalogued under one record are groups of their own.
    """
    _assign_bibs(connection)
    connection.execute(sql("queries/works_items"))


def _assign_bibs(connection: duckdb.DuckDBPyConnection) -> None:
    bibs = connection.sql(sql("queries/works_bibs")).pl()
    if bibs.is_empty():
        return
    keyed = _keys(bibs)
    works = _groups(keyed, _same_work_pairs(keyed))
    placed = _ranks(keyed.with_columns(work_no=works))
    connection.register("placed_works", placed.to_arrow())
    connection.execute(sql("queries/works_update"))
    connection.unregister("placed_works")


def _keys(bibs: pl.DataFrame) -> pl.DataFrame:
    """One row a bib: bib_no, keys of title (without edition words), author, volume and form, and the parsed edition."""
    authors = bibs.select(pl.col("author").fill_null("").unique())
    authors = authors.with_columns(author_key=author_key(authors["author"]))
    alone = pl.col("material").is_in([*OTHER_FORMS, *SERIALS])
    keyed = bibs.with_columns(pl.col("author").fill_null("")).join(
        authors, on="author", how="left", maintain_order="left"
    )
    return (
        keyed.join(_editions(bibs), on="bib_no", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("bare_key", "title_key").alias("title"),
            pl.col("revised").fill_null(0),
            pl.col("pub_year").cast(pl.Int32),
            pl.when(alone).then("material").otherwise(pl.lit("book")).alias("form")
            + pl.col("language").fill_null("jpn"),
            author="author_key",
            volume=match_key(bibs["volume"]).fill_null(""),
        )
        .drop("author_key", "title_key", "bare_key", "edition", "material", "language")
    )


def _editions(bibs: pl.DataFrame) -> pl.DataFrame:
    """Of the records whose title or edition speaks of an edition: what it says, and the key of the title without it."""
    spoken = bibs.select(
        "bib_no", pl.col("title").str.normalize("NFKC"), pl.col("edition").fill_null("").str.normalize("NFKC")
    )
    spoken = spoken.filter(pl.concat_str("title", "edition").str.contains_any(["版", "訂", "増補"]))
    spoken = spoken.with_columns(
        *edition_of(pl.concat_str("title", pl.lit(" "), "edition")), bare=without_edition(pl.col("title"))
    )
    return spoken.with_columns(bare_key=match_key(spoken["bare"])).drop("title", "edition", "bare")


def _same_work_pairs(keyed: pl.DataFrame) -> pl.DataFrame:
    """Pairs (a, b) of row numbers that are one work: equal keys, one ISBN, or titles that differ in kana only."""
    rows = keyed.with_row_index("row")
    same = ["author", "volume", "form"]
    named = rows.filter(pl.col("author") != "/")
    unnamed = rows.filter((pl.col("author") == "/") & pl.col("publisher").is_not_null())
    equal = pl.concat([_chain(named, ["title", *same]), _chain(unnamed, ["title", "publisher", "volume", "form"])])
    isbn = _chain(rows.filter(pl.col("isbn").is_not_null()), ["isbn", "volume", "form"])
    isbn = isbn.filter(_ratios(rows, isbn) >= 70)
    return pl.concat([equal, isbn, _alike(named, same)])


def _chain(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Each row paired with the first row that has the same values."""
    return rows.select(a=pl.col("row"), b=pl.col("row").first().over(by)).filter(pl.col("a") != pl.col("b"))


def _alike(named: pl.DataFrame, same: list[str]) -> pl.DataFrame:
    """Pairs of one author's titles that are nearly the same and differ in nothing but kana: 引っ越し, 引越し."""
    distinct = named.filter(pl.col("title").str.len_chars() >= 6).unique(
        ["title", *same], keep="first", maintain_order=True
    )
    kana = r"[\p{Hiragana}\p{Katakana}ー]"
    blocks = distinct.with_columns(skeleton=pl.col("title").str.replace_all(kana, ""))
    blocks = blocks.filter(pl.col("skeleton").str.len_chars() >= 2)
    pairs = blocks.join(blocks, on=["skeleton", *same], suffix="_b").filter(pl.col("row") < pl.col("row_b"))
    pairs = pairs.select(a="row", b="row_b")
    return pairs.filter(_ratios(named, pairs) >= ALIKE)


def _ratios(rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.Series:
    """rapidfuzz ratio (0–100) of the titles of each pair."""
    titles = rows.select("row", "title")
    left, right = (
        pairs.select(row=side).join(titles, on="row", how="left", maintain_order="left")["title"].to_list()
        for side in ("a", "b")
    )
    return pl.Series(process.cpdist(left, right, scorer=fuzz.ratio) if left else np.array([], dtype=np.float32))


def _groups(keyed: pl.DataFrame, pairs: pl.DataFrame) -> pl.Series:
    """Connected components of the pairs; each bib gets the smallest bib_no of its group."""
    size = keyed.height
    links = coo_array(
        (np.ones(pairs.height, dtype=np.int8), (pairs["a"].to_numpy(), pairs["b"].to_numpy())), shape=(size, size)
    )
    _, label = connected_components(links, directed=False)
    return keyed.select(pl.col("bib_no").min().over(pl.Series(label)))["bib_no"]


def _ranks(works: pl.DataFrame) -> pl.DataFrame:
    """bib_no, work_no, unit_no, edition_rank: units are the different editions of a work, in order of time."""
    undated = (pl.col("revised") > 0) & pl.col("edition_number").is_null() & pl.col("edition_year").is_null()
    edition = [
        pl.col("edition_number").fill_null(-1),
        pl.col("revised"),
        pl.when(undated).then("pub_year").otherwise("edition_year").fill_null(-1),
    ]
    units = works.with_columns(unit_no=pl.col("bib_no").min().over(["work_no", *edition]))
    year = pl.coalesce(pl.col("edition_year").max(), pl.col("pub_year").max())
    order = units.group_by("work_no", "unit_no").agg(year=year, number=pl.col("edition_number").max().fill_null(0))
    several = order.filter(pl.len().over("work_no") > 1)
    ranked = several.filter(pl.col("year").is_not_null()).with_columns(
        edition_rank=pl.struct("year", "number").rank("dense").over("work_no").cast(pl.Int32)
    )
    return units.join(ranked.select("unit_no", "edition_rank"), on="unit_no", how="left").select(
        "bib_no", "work_no", "unit_no", "edition_rank"
    )
