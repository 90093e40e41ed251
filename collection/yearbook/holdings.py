"""What is held at the end of the year: 分類別蔵書数, コーナー別蔵書数, 視聴覚資料所蔵数. `held` is that of counts.held."""

import polars as pl

from collection.words import code, say
from collection.yearbook.counts import AV
from collection.yearbook.frame import Frame, cells
from collection.yearbook.layout import Column, Row, Table
from collection.yearbook.settings import PLACES, Settings

GENERAL, CHILDREN, NO_CLASS = tuple("0123456789"), "K", "-"
OPEN = PLACES[:3]
TEXT = pl.String


def classes(frame: Frame, held: pl.DataFrame) -> Table:
    """2(1): books by class and branch, children's books as one class, and the share of each in all."""
    number = "2(1)"
    found = cells(held.filter(~pl.col("av")), "shelf_class")
    unclassed = sum(items for (_, mark), items in found.items() if mark == NO_CLASS)
    marks = (*GENERAL, NO_CLASS) if unclassed else GENERAL
    whole = sum(found.values())

    def row(path: tuple, marks: tuple[str, ...], strong: bool = False) -> Row:
        values = frame.across(found, marks)
        return Row(path, (*values, values[-1] / whole if whole else None), strong, " ".join(marks))

    rows = (
        *(row((say("yearbook.general"), code("shelf_class", mark)), (mark,)) for mark in marks),
        row((say("yearbook.subtotal"), None), marks, True),
        row((say("yearbook.children"), None), (CHILDREN,)),
        row((say("yearbook.total"), None), (*marks, CHILDREN), True),
    )
    columns = (*frame.columns(number, "count"), Column((say("yearbook.share"), None), "share"))
    return Table(
        number, say("yearbook.table_2(1)"), say("yearbook.unit_books"), frame.as_of, (say("yearbook.head_class"), None),
        columns, rows, frame.notes(number),
        checks=(say("yearbook.check_unclassed", n=f"{unclassed:,}"),) if unclassed else (),
    )  # fmt: skip


def places(frame: Frame, held: pl.DataFrame) -> Table:
    """2(2): books by place and branch; "-" where a branch has nothing at a place."""
    number = "2(2)"
    placed = _placed(held.filter(~pl.col("av")), frame.settings)
    found = cells(placed, "place")
    other = placed.filter(pl.col("place") == "other")

    def row(path: tuple, among: tuple[str, ...], strong: bool = False) -> Row:
        return Row(path, frame.across(found, among), strong)

    alone = ("closed", "office", "other") if len(other) else ("closed", "office")
    rows = (
        *(row((say("yearbook.open"), say(f"yearbook.row_{place}")), (place,)) for place in OPEN),
        row((say("yearbook.open"), say("yearbook.sum")), OPEN, True),
        *(row((say(f"yearbook.row_{place}"), None), (place,)) for place in alone),
        row((say("yearbook.total"), None), PLACES, True),
    )
    return Table(
        number, say("yearbook.table_2(2)"), say("yearbook.unit_books"), frame.as_of, (say("yearbook.head_place"), None),
        frame.columns(number, "dash"), rows, frame.notes(number), _place_rules(frame.settings), _elsewhere(other),
    )  # fmt: skip


def audiovisual(frame: Frame, held: pl.DataFrame) -> Table:
    """2(4): audio-visual material by branch, kind of music and medium; blank where a branch has nothing in a medium."""
    number, music = "2(4)", frame.settings.music
    counted = _music(held.filter("av"), frame.settings)
    found = {(branch, name, medium): items for branch, name, medium, items in counted.iter_rows()}
    holding = [branch.name for branch in frame.branches if branch.name in set(counted["branch"])]

    def row(path: tuple, among: list[str], kind: str | None = None) -> Row:
        own = [(media, name, items) for (branch, name, media), items in found.items() if branch in among]
        held = {media for media, _, _ in own}
        counts = [sum(n for media, name, n in own if media == each and kind in (None, name)) for each in AV]
        shown = [n if media in held else None for n, media in zip(counts, AV, strict=True)]
        return Row(path, (*shown, None, sum(counts)), kind is None)

    rows = [
        row((branch, kind or say("yearbook.sum")), [branch], kind) for branch in holding for kind in (*music, None)
    ]  # fmt: skip
    media = [code("material", medium) for medium in AV]
    columns = tuple(Column((head,)) for head in (*media, say("yearbook.dvd_rom"), say("yearbook.total")))
    return Table(
        number, say("yearbook.table_2(4)"), say("yearbook.unit_av"), frame.as_of, (say("yearbook.head_branch"), say("yearbook.head_music")),
        columns, (*rows, row((say("yearbook.total"), None), holding)) if holding else (),
        (*frame.notes(number), say("yearbook.note_daisy")) if holding else (say("yearbook.no_av"),),
        (*_music_rules(frame.settings), say("yearbook.method_dvd_rom")) if holding else (),
    )  # fmt: skip


def _placed(books: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The rows with `place` (of PLACES): that of the first rule that fits."""
    names = ("place", "at", "of", "word")
    rules = pl.DataFrame(settings.places, schema=dict.fromkeys(names, TEXT), orient="row").with_row_index("rule")
    fits = (
        (pl.col("location") == pl.col("at"))
        & (pl.col("of").is_null() | (pl.col("kind") == pl.col("of")))
        & ((pl.col("word") == "") | pl.col("told").list.contains(pl.col("word")))
    )
    numbered = books.with_row_index("row")
    first = numbered.join(rules, how="cross").filter(fits).group_by("row").agg(pl.col("place").sort_by("rule").first())
    return numbered.join(first, on="row", how="left").with_columns(pl.col("place").fill_null("other"))


def _place_rules(settings: Settings) -> tuple[str, ...]:
    return tuple(
        say("yearbook.method_place", place=say(f"yearbook.place_{place}"), location=code("location", location), word=word,
            kind=say(f"yearbook.kind_{kind}") if kind else "")
        for place, location, kind, word in settings.places if word
    )  # fmt: skip


def _elsewhere(other: pl.DataFrame) -> tuple[str, ...]:
    if other.is_empty():
        return ()
    named = other.drop_nulls("location")
    names = "・".join(named["location"].unique().sort()) or say("yearbook.none")
    lost = other["items"].sum() - named["items"].sum()
    return (say("yearbook.check_other", n=f"{named['items'].sum():,}", names=names, lost=f"{lost:,}"),)


def _music(av: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """branch, name (kind of music, of the pack; "" where it says none), material, items."""
    rules = pl.DataFrame(
        [(name, kind, start) for name, (kind, starts) in settings.music.items() for start in starts],
        schema=dict.fromkeys(("name", "of", "start"), TEXT), orient="row",
    )  # fmt: skip
    ndc = pl.col("ndc").fill_null("")
    fits = ((pl.col("of") == "") | (pl.col("of") == pl.col("kind"))) & ndc.str.starts_with(pl.col("start"))
    nearest = pl.col("name").sort_by(pl.col("of") != "", pl.col("start").str.len_chars(), descending=True).first()
    numbered = av.with_row_index("row")
    told = numbered.join(rules, how="cross").filter(fits).group_by("row").agg(nearest)
    named = numbered.join(told, on="row", how="left").with_columns(pl.col("name").fill_null(""))
    return named.group_by("branch", "name", "material").agg(pl.col("items").sum())


def _music_rules(settings: Settings) -> tuple[str, ...]:
    said = [
        say("yearbook.music_rule", name=name, kind=say("yearbook.kind_children") if kind else "", ndc=" ".join(starts) or say("yearbook.rest"))
        for name, (kind, starts) in settings.music.items()
    ]  # fmt: skip
    return (say("yearbook.method_music", rules=" / ".join(said)),) if said else ()
