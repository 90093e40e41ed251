"""The records of the demo library in words: invented titles, people, publishers and ISBN."""

import numpy as np
import polars as pl

from collection import words
from collection.demo.catalogue import NEIGHBOUR
from collection.demo.titles import editions, titles, volumes
from collection.demo.vocabulary import KINDS, STRATA, bib_numbers, codes, parts, pick, pick_by, subjects

BY_BODY = ("reference", "yearbook", "serial")  # made by a body, not by a person
HIDDEN_STYLES = ("skill", "study", "essay", "travel")  # where a city word can stand in the title without a local mark
NO_SUBJECTS = ("novel", "translated", "essay", "poem", "picture", "story", "comic")
FORM_DIGIT = {"reference": 5, "yearbook": 5, "know": 6, "picture": 7, "comic": 9}
MATERIALS = ("book", "picture_book", "kamishibai", "comic", "periodical", "reference", "yearbook", "large_print", "map")
MATERIAL_OF = {"picture": 1, "kamishibai": 2, "comic": 3, "serial": 4, "reference": 5, "yearbook": 6}
PRICES = {
    "picture": 1400,
    "comic": 680,
    "reference": 7800,
    "yearbook": 4200,
    "study": 2600,
    "law": 2900,
    "novel": 1650,
    "serial": 780,
}


def in_words(bibs: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The bibs of catalogue.build as the columns of a bibs file, plus `spine`: what the spine label says.

    Args:
        bibs: numbers, see catalogue.build.
        seed: the demo's seed.
    """
    rng = np.random.default_rng([seed, 2])
    frame = _seeds(bibs, rng)
    frame = frame.with_columns(
        title=titles(frame), edition=editions(frame), volume=volumes(frame), **_people(frame, rng)
    )
    in_title = (pl.col("kind") == KINDS.index("annual")) & (pl.col("variant") % 10 < 3)
    large_series = pl.lit(words.table("demo")["vocabulary"]["large_print"])
    number = pl.when(pl.col("volume").is_not_null()).then(pl.concat_str(pl.lit("/"), "volume")).otherwise(pl.lit(""))
    mark = pl.when(pl.col("stratum") == STRATA.index("reference")).then(pl.lit("R")).otherwise(pl.lit(""))
    with_ndc_edition = (pl.col("chance") < 0.03) & (pl.col("shelf") < 10)
    price = pl.col("style").replace_strict(PRICES, default=1500) * (0.75 + 0.6 * pl.col("chance"))
    return frame.select(
        "bib_id",
        title=pl.when(in_title).then(pl.concat_str("title", pl.lit(" "), "edition")).otherwise("title"),
        volume="volume",
        series=pl.when("large_print").then(large_series).when("reprint").then("bunko"),
        author="author",
        publisher="publisher",
        pub_year=_years(),
        edition=pl.when(~in_title).then("edition"),
        isbn=_isbn(frame.height),
        c_code=_c_code(),
        ndc=pl.when(with_ndc_edition).then(pl.concat_str(pl.lit("NDC9:"), "ndc")).otherwise("ndc"),
        audience=codes("audience", ["general", "child", "young"]).gather(frame.select(_audience()).to_series()),
        material=codes("material", MATERIALS).gather(frame.select(_material()).to_series()),
        language=pl.lit("jpn"),
        price=(price / 10).cast(pl.Int32) * 10,
        subjects=pl.when(~pl.col("style").is_in(NO_SUBJECTS)).then(pl.concat_str("a", pl.lit(";"), "b")),
        local="local_word",
        spine=pl.concat_str(mark, "ndc", pl.lit("/"), "initial", number),
    )


def _seeds(bibs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Each bib with its subject's facts and the word parts {a} {b} {c} {p} {d} of its group."""
    named = subjects()
    group, role = bibs["group"].to_numpy(), bibs["role"].to_numpy()
    first = np.unique(group, return_index=True)[1]
    count, subject = len(first), bibs["subject"].to_numpy()[first]
    topics = named["words"].list.len().to_numpy()
    start = np.concatenate([[0], topics.cumsum()])[subject]
    topics = topics[subject]
    one = (rng.random(count) * topics).astype(np.int64)
    two = (one + 1 + (rng.random(count) * (topics - 1)).astype(np.int64)) % topics
    pattern = rng.integers(0, 1 << 20, count)
    # a similar title beside an idle newest edition speaks of the same things in the same way
    beside = group[np.flatnonzero(role == NEIGHBOUR)]
    for drawn in (one, two, pattern):
        drawn[beside] = drawn[beside - 1]
    every = named["words"].explode()
    ordinary = named["style"].is_in(HIDDEN_STYLES) & named["local"].is_null()
    hidden = np.zeros(count, dtype=bool)
    plain = np.flatnonzero(ordinary.to_numpy()[subject] & (role[first] == 0))
    hidden[rng.permutation(plain)[: max(3, round(0.004 * count))]] = True
    of_group = pl.DataFrame(
        {
            "a": every.gather(start + one),
            "b": every.gather(start + two),
            "c": pick(parts("coin_heads"), rng, count) + pick(parts("coin_tails"), rng, count),
            "p": pick([head[:-1] for head in parts("name_heads")], rng, count) + pick(parts("name_tails"), rng, count),
            "d": pick(parts("city_words"), rng, count),
            "pattern": pattern,
            "hidden": hidden,
        }
    )
    facts = named.select("style", "ndc", "content", local_word=codes("local", named["local"].to_list()))
    frames = [bibs, of_group[group], facts[bibs["subject"].to_numpy()]]
    return pl.concat(frames, how="horizontal").with_columns(
        bib_id=bib_numbers(pl.int_range(bibs.height, eager=True)),
        chance=pl.Series(rng.random(bibs.height)),
        reprint=(pl.col("kind") == KINDS.index("bunko")) & (pl.col("position") == 1),
        large_print=(pl.col("kind") == KINDS.index("large_print")) & (pl.col("position") == 1),
    )


def _people(frame: pl.DataFrame, rng: np.random.Generator) -> dict[str, pl.Series]:
    """author, initial (kana on the spine), publisher and bunko series; one author writes several books of a class."""
    group = frame["group"].to_numpy()
    count = group[-1] + 1
    pool = max(60, count // 4)
    shelf = frame["shelf"].to_numpy()[np.unique(group, return_index=True)[1]]
    author = ((rng.random(count) ** 1.7 * (pool // 11)).astype(np.int64) * 11 + shelf).clip(0, pool - 1)[group]
    other = rng.integers(0, pool, count)[group]
    translator = other + frame["position"].to_numpy() * (frame["kind"].to_numpy() == KINDS.index("translation"))
    heads, coins, coin_ends = parts("name_heads"), parts("coin_heads"), parts("coin_tails")
    head, family = rng.integers(0, len(heads), pool), rng.integers(0, len(coins), pool)
    given = pick(parts("given_heads"), rng, pool) + pick(parts("given_tails"), rng, pool)
    name = pl.Series([text[:-1] for text in heads]).gather(head) + pick(parts("name_tails"), rng, pool) + " " + given
    abroad = pick(coins, rng, pool) + pick(coin_ends, rng, pool) + "・"
    foreign = abroad + pl.Series(coins).gather(family) + pick(coin_ends, rng, pool)
    style, office = pl.col("style"), pick_by(parts("local_offices"), "variant", 16)
    translated = pl.concat_str(foreign.gather(author), pl.lit(";"), name.gather(translator % pool), pl.lit(" 訳"))
    two_authors = pl.concat_str(name.gather(author), pl.lit(";"), name.gather(other))
    press = pl.concat_str(pick_by(parts("press_heads"), "variant", 32), pick_by(parts("press_tails"), "variant", 1024))
    made = frame.select(
        author=pl.when(style == "translated").then(translated)
        .when(style == "official").then(office)
        .when(style.is_in(BY_BODY)).then(pl.concat_str("p", pick_by(parts("editors"), "variant", 16)))
        .when(pl.col("variant") % 23 == 0).then(two_authors)
        .otherwise(name.gather(author)),
        initial=pl.when(style == "translated").then(pl.Series([text[0] for text in coins]).gather(family[author]))
        .when(style.is_in([*BY_BODY, "official"])).then(pl.col("c").str.slice(0, 1))
        .otherwise(pl.Series([text[-1] for text in heads]).gather(head[author])),
        publisher=pl.when(style == "official").then(office).otherwise(press),
        bunko=pl.concat_str(pick_by(parts("bunko_heads"), "variant", 64), pl.lit("文庫")),
    )  # fmt: skip
    return {column.name: column for column in made}


def _years() -> pl.Expr:
    """The year as catalogues write it: 2019.4, [1998], c2001, 平成11, 昭和47, [出版年不明]."""
    year = pl.col("published").cast(pl.Int32)
    month = (pl.col("published") % 1 * 12).cast(pl.Int32) + 1
    chance = pl.col("chance")
    usual = (pl.col("kind") == 0) & (pl.col("role") == 0)
    return (
        pl.when(usual & (chance < 0.002)).then(pl.lit("[出版年不明]"))
        .when(usual & (chance < 0.012)).then(pl.format("[{}]", year))
        .when(usual & (chance < 0.022)).then(pl.format("c{}", year))
        .when(usual & (chance < 0.05) & year.is_between(1990, 2018)).then(pl.format("平成{}", year - 1988))
        .when(usual & (chance < 0.3) & (year < 1989)).then(pl.format("昭和{}", year - 1925))
        .when(year < 1990).then(pl.format("{}", year))
        .otherwise(pl.format("{}.{}", year, month))
    )  # fmt: skip


def _c_code() -> pl.Expr:
    """Cコード: readership, form, content; none for serials."""
    reader = (
        pl.when(pl.col("shelf") == 10).then(8)
        .when(pl.col("style").is_in(["reference", "yearbook"])).then(3)
        .otherwise(0)
    )  # fmt: skip
    form = (
        pl.when("reprint").then(1)
        .when(pl.col("kind") == KINDS.index("set")).then(3)
        .otherwise(pl.col("style").replace_strict(FORM_DIGIT, default=0))
    )  # fmt: skip
    return pl.when(pl.col("style") != "serial").then(pl.concat_str(reader, form, "content"))


def _audience() -> pl.Expr:
    """0 general, 1 children, 2 young adult."""
    young = pl.col("style").is_in(["novel", "study", "comic"]) & (pl.col("variant") % 29 == 0)
    return pl.when(pl.col("shelf") == 10).then(1).when(young).then(2).otherwise(0)


def _material() -> pl.Expr:
    """Number in MATERIALS."""
    atlas = (pl.col("style") == "reference") & (pl.col("shelf") == 2) & (pl.col("variant") % 7 == 0)
    usual = pl.col("style").replace_strict(MATERIAL_OF, default=0)
    return (
        pl.when("large_print").then(MATERIALS.index("large_print"))
        .when(atlas).then(MATERIALS.index("map"))
        .otherwise(usual)
    )  # fmt: skip


def _isbn(height: int) -> pl.Expr:
    """ISBN-13 with a right check digit under 979-4, which no country has; none before 1981, for serials or offices."""
    number = (np.arange(height, dtype=np.int64) * 48_271 + 12_345_678) % 100_000_000
    own = number[:, None] // 10 ** np.arange(7, -1, -1) % 10
    digits = np.concatenate([np.tile([9, 7, 9, 4], (height, 1)), own], axis=1)
    check = -(digits * np.tile([1, 3], 6)).sum(axis=1) % 10
    text, last = pl.Series(number).cast(pl.String).str.zfill(8), pl.Series(check).cast(pl.String)
    hyphens = pl.concat_str(pl.lit("979-4-"), text.str.slice(0, 5), pl.lit("-"), text.str.slice(5), pl.lit("-"), last)
    shown = pl.when(pl.col("chance") > 0.4).then(hyphens).otherwise(pl.concat_str(pl.lit("9794"), text, last))
    return pl.when((pl.col("published") > 1981) & ~pl.col("style").is_in(["serial", "official"])).then(shown)
