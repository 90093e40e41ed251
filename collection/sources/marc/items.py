"""Items inside bibliographic records (852/876, 949, 952, 999 …): which subfield is which field is said by a mapping.

A mapping is a TOML file:

    name = "marc-koha-952"
    format = "marc"
    item = "952"                        # each field of this tag is an item
    holding = "852"                     # optional: a second tag that completes it (852 the place, 876 the piece)
    [bib]
    bib_id = ["999$c", "001"]           # where a field of the record itself is found, tried in order
    [fields]
    item_id = "952$p"                   # one place; "852$h 852$i" joins two; a list is tried in order
    [[fields.status]]                   # or steps, tried in order: from, codes, other, always
    from = "952$1"
    codes = { "0" = "" }
    other = "missing"
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from collection.sources.marc.rules import NONE, Own, subfield
from collection.words import Problem, table

SHIPPED = Path(__file__).parents[1] / "mappings"
FIELDS = tuple(field for field in table("fields")["items"] if field != "bib_id")  # an item's bib is its record
BLANK = ("",)
ORDER = ("marc-koha-952", "marc-852-876", "marc-949", "marc-999")  # how items are looked for when no mapping is named


@dataclass(frozen=True)
class Mapping:
    """Which subfields of which tags are the fields of an item, and of its record.

    steps: item field → steps tried in order, each with the places it joins and how their codes are read.
    places: every (tag, code) the steps ask for; a unit of an item gives one text for each.
    bib: record field → places tried in order; code "" is a control field.
    """

    name: str
    item: str
    holding: str | None
    steps: dict[str, tuple[dict, ...]]
    places: tuple[tuple[str, str], ...]
    bib: dict[str, tuple[tuple[str, str], ...]]

    @property
    def tags(self) -> frozenset[str]:
        """The tags it reads."""
        elsewhere = [tag for places in self.bib.values() for tag, _ in places]
        return frozenset([self.item, self.holding or self.item, *elsewhere])


def load(source: str | Path) -> Mapping:
    """A mapping by the name of a shipped one or by the path of a TOML file.

    Raises:
        Problem: the file is missing, is no TOML, or lacks what it needs; says which and where.
    """
    path = SHIPPED / f"{source}.toml" if str(source) in ORDER else Path(source)
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise Problem("marc.mapping_missing", file=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problem("marc.mapping_unreadable", file=path, detail=error) from error
    return parse(told, path)


def parse(told: dict, path: Path) -> Mapping:
    """A mapping from the contents of its TOML file; `path` names it in messages. Raises Problem."""
    fields = told.get("fields", {})
    if not isinstance(told.get("item"), str) or "item_id" not in fields:
        raise Problem("marc.mapping_lacks", file=path)
    for kind, names in (("items", fields), ("bibs", told.get("bib", {}))):
        for unknown in names.keys() - (table("fields")[kind].keys() if kind == "bibs" else set(FIELDS)):
            raise Problem("marc.mapping_field", file=path, field=unknown)
    steps = {field: tuple(_step(step, field, path) for step in _listed(spec)) for field, spec in fields.items()}
    places = dict.fromkeys(place for chain in steps.values() for step in chain for place in step["from"])
    own = told.get("bib", {})
    bib = {field: tuple(_place(text, field, path) for text in _listed(spec)) for field, spec in own.items()}
    return Mapping(told.get("name", path.stem), told["item"], told.get("holding"), steps, tuple(places), bib)


def _listed(spec: object) -> list:
    return spec if isinstance(spec, list) else [spec]


def _step(step: str | dict, field: str, path: Path) -> dict:
    """A step in full: {"from": places, "codes": …, "other": …, "always": …}."""
    told = {"from": step} if isinstance(step, str) else step
    places = tuple(_place(text, field, path) for text in str(told.get("from", "")).split())
    if not places and "always" not in told:
        raise Problem("marc.mapping_place", file=path, field=field, place=step)
    return {**told, "from": places}


def _place(text: str, field: str, path: Path) -> tuple[str, str]:
    """952$p → ("952", "p"); 001 → ("001", "")."""
    tag, _, code = str(text).partition("$")
    if len(tag) != 3 or not tag.isalnum() or len(code) != (0 if tag < "010" else 1):
        raise Problem("marc.mapping_place", file=path, field=field, place=text)
    return tag, code


def units(own: Own, mapping: Mapping) -> list[tuple[str, ...]]:
    """The items of one record: for each, the texts at the mapping's places ("" where it has none)."""
    pieces = own.get(mapping.item, NONE)
    if mapping.holding is None:
        return [_texts(mapping, {mapping.item: piece}) for piece in pieces]
    holdings = own.get(mapping.holding, NONE)
    if not pieces:
        return [_texts(mapping, {mapping.holding: holding}) for holding in holdings]
    return [
        _texts(mapping, {mapping.item: piece, mapping.holding: _holding(piece, at, len(pieces), holdings)})
        for at, piece in enumerate(pieces)
    ]


def _texts(mapping: Mapping, unit: dict[str, str]) -> tuple[str, ...]:
    return tuple([subfield(unit.get(tag, ""), code).strip() for tag, code in mapping.places])


def _holding(piece: str, at: int, pieces: int, holdings: list[str]) -> str:
    """The holding a piece belongs to: by the link number in $8, else the only one, else by its place in the row."""
    link = subfield(piece, "8").partition(".")[0]
    same = [text for text in holdings if link and subfield(text, "8").partition(".")[0] == link]
    if same or len(holdings) == 1:
        return (same or holdings)[0]
    return holdings[at] if len(holdings) == pieces else ""


def has_barcode(own: Own, mapping: Mapping) -> bool:
    """Whether a record carries a barcode: what tells an item field from another use of its tag."""
    return any(
        subfield(text, code).strip()
        for step in mapping.steps["item_id"]
        for tag, code in step["from"]
        if tag in (mapping.item, mapping.holding)
        for text in own.get(tag, NONE)
    )


def bib_texts(own: Own, mapping: Mapping) -> dict[str, str]:
    """The record's own fields that the mapping finds elsewhere; only those that are there."""
    found = {}
    for field, places in mapping.bib.items():
        for tag, code in places:
            text = own.get(tag, BLANK)[0]
            text = (subfield(text, code) if code else text).strip()
            if text:
                found[field] = text
                break
    return found


def as_columns(rows: pl.DataFrame, mapping: Mapping) -> pl.DataFrame:
    """Columns "0", "1" … (one for each place) of the units turned into text columns named by item field."""
    column = {place: pl.col(str(at)) for at, place in enumerate(mapping.places)}
    named = [
        pl.coalesce([_value(step, column) for step in chain]).alias(field) for field, chain in mapping.steps.items()
    ]
    return rows.select(pl.exclude([str(at) for at in range(len(mapping.places))]), *named)


def _value(step: dict, column: dict[tuple[str, str], pl.Expr]) -> pl.Expr:
    """What one step gives: NULL passes the question on to the next."""
    if "always" in step:
        return pl.lit(str(step["always"]))
    parts = [_blank_to_null(column[place]) for place in step["from"]]
    text = _blank_to_null(pl.concat_str(parts, separator=" ", ignore_nulls=True))
    if "codes" not in step and "other" not in step:
        return text
    codes = {str(code): str(word) for code, word in step.get("codes", {}).items()}
    other = pl.when(text.is_not_null()).then(pl.lit(step["other"])) if "other" in step else text
    known = text.replace_strict(codes, default=None, return_dtype=pl.String) if codes else pl.lit(None, dtype=pl.String)
    return _blank_to_null(pl.when(text.is_in(list(codes))).then(known).otherwise(other))


def _blank_to_null(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)
