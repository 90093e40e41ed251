"""What a pack says of its yearbook: small tables in its folder yearbook/, each of which may be missing.

branches.csv (order and heads of the branches), notes.csv, places.csv and audiovisual.csv (operating values: what is counted
where), holdings_by_year.csv (published figures of years before the first snapshot), open_days.csv.
"""

from dataclasses import dataclass
from pathlib import Path

from collection import words
from collection.policy.pack import read_csv
from collection.policy.syntax import fold
from collection.words import Problem

PLACES = ("open_general", "open_children", "reference", "closed", "office", "other")
STANDING = (  # place ← location, kind; what a library adds in places.csv goes before
    ("open_children", "open", "children"), ("open_general", "open", "general"), ("reference", "reference", None),
    ("closed", "closed", None), ("office", "office", None),
)  # fmt: skip


@dataclass(frozen=True)
class Branch:
    """A branch as the yearbook heads it: its head, and the head over it and its neighbours ("" when it has none)."""

    name: str
    head: str
    group: str = ""


@dataclass(frozen=True)
class Note:
    """A note under a table in some fiscal years, with the mark it puts to a branch's head."""

    tables: tuple[str, ...]
    first: int
    last: int
    branch: str
    mark: str
    text: str


@dataclass(frozen=True)
class Settings:
    """Everything the pack says, in the present language.

    Attributes:
        places: place, location, kind (general, children or None for both), word in the item's note ("": any); the first
            that fits counts.
        music: kind of audio-visual material → audience ("" any) and beginnings of its class; what names an audience goes
            before what names none, a longer class before a shorter one.
        published: fiscal year → general, children, audio-visual.
        open_days: (fiscal year, branch) → days.
    """

    branches: tuple[Branch, ...]
    notes: tuple[Note, ...]
    places: tuple[tuple[str, str, str | None, str], ...]
    music: dict[str, tuple[str, tuple[str, ...]]]
    published: dict[int, tuple[int | None, ...]]
    open_days: dict[tuple[int, str], int]


def read(folder: Path) -> Settings:
    """The settings of a pack's folder. Raises Problem, naming file and line, for what cannot be read."""
    english = words.language.get() == "en"
    return Settings(
        branches=tuple(
            Branch(row["所蔵館"], row["見出し"] or row["所蔵館"], row["まとめ（英語）" if english else "まとめ"])
            for row in _once("所蔵館", _rows(folder, "branches", ("所蔵館", "見出し", "まとめ", "まとめ（英語）")))
        ),
        notes=tuple(
            Note(
                tuple(row["表"].split()), _number_or(0, row, "年度から"), _number_or(9999, row, "年度まで"), row["所蔵館"],
                row["印"], row["注（英語）" if english else "注"],
            )
            for row in _rows(folder, "notes", ("表", "年度から", "年度まで", "所蔵館", "印", "注", "注（英語）"))
        ),
        places=tuple(
            (
                _one_of(row, "欄", {words.table("yearbook")[f"place_{place}"]["ja"]: place for place in PLACES}),
                _code("location", row["配架場所"]), _kind(row), row["備考の語"],
            )
            for row in _rows(folder, "places", ("欄", "配架場所", "対象", "備考の語"))
        ) + tuple((*standing, "") for standing in STANDING),
        music={
            row["英語" if english else "分類"]: (_kind(row) or "", tuple(row["NDC"].split()) or ("",))
            for row in _once("分類", _rows(folder, "audiovisual", ("分類", "英語", "対象", "NDC")))
        },
        published={
            _number(row, "年度"): tuple(_number_or(None, row, name) for name in ("一般図書", "児童図書", "視聴覚"))
            for row in _rows(folder, "holdings_by_year", ("年度", "一般図書", "児童図書", "視聴覚"))
        },
        open_days={
            (_number(row, "年度"), row["所蔵館"]): _number(row, "開館日数")
            for row in _rows(folder, "open_days", ("年度", "所蔵館", "開館日数"))
        },
    )  # fmt: skip


def _rows(folder: Path, name: str, columns: tuple[str, ...]) -> list[dict]:
    path = folder / "yearbook" / f"{name}.csv"
    if not path.exists():
        return []
    try:
        rows = read_csv(path)
    except UnicodeDecodeError:
        raise Problem("yearbook.bad_file", file=path.name) from None
    missing = [column for column in columns if rows and column not in rows[0]]
    if missing:
        raise Problem("yearbook.no_column", file=path.name, column="、".join(missing))
    return [row | {"file": path.name} for row in rows]


def _once(column: str, rows: list[dict]) -> list[dict]:
    """The rows, each of which names something of its own."""
    known = [row[column] for row in rows]
    for n, row in enumerate(rows):
        if not row[column] or row[column] in known[:n]:
            raise _wrong(row, column)
    return rows


def _number(row: dict, column: str) -> int:
    text = fold(row[column]).replace(",", "")
    if not (text.isascii() and text.isdigit()):
        raise _wrong(row, column)
    return int(text)


def _number_or(blank: int | None, row: dict, column: str) -> int | None:
    return _number(row, column) if row[column] else blank


def _one_of(row: dict, column: str, known: dict[str, str]) -> str:
    if row[column] not in known:
        raise _wrong(row, column)
    return known[row[column]]


def _kind(row: dict) -> str | None:
    """general or children from 対象; None when it is blank."""
    audiences = words.table("codes")["audience"]
    known = {"": None, audiences["general"]["ja"]: "general", audiences["child"]["ja"]: "children"}
    return _one_of(row, "対象", known)


def _code(field: str, word: str) -> str:
    """The code of a Japanese word; a word that is none is the library's own place."""
    return {said["ja"]: code for code, said in words.table("codes")[field].items()}.get(word, word)


def _wrong(row: dict, column: str) -> Problem:
    return Problem("yearbook.bad_cell", file=row["file"], line=row[""], column=column, value=row[column])
