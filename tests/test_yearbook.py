"""The yearbook's tables equal a count item by item, the published figures, and what is read again from the files."""

import io
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import polars as pl
import pypdf
import pytest

from collection import flag, report, words, yearbook, years
from collection.demo import figures
from collection.store import snapshots
from collection.words import Problem
from collection.yearbook import counts, files, flows, frame, holdings, layout, settings
from collection.yearbook.layout import Column, Row, Table
from tests import naive_year, small_store
from tests.random_library import AS_OF, LOANS_FROM, LOANS_TO, random_library, write_snapshot
from tests.road_store import POLICY
from tests.test_report import random_items, random_roads
from tests.test_report import write_snapshot as write_items

PUBLISHED = Path(__file__).parents[2] / "shared" / "reference"
PACK = settings.read(POLICY.folder)
BRANCHES = [branch.name for branch in PACK.branches]
AV = {"カセット": "cassette", "CD": "cd", "ビデオ": "video", "DVD": "dvd", "録音図書": "daisy"}
needs_reference = pytest.mark.skipif(not PUBLISHED.exists(), reason="the published figures are not here")


@pytest.fixture(scope="module")
def book(flagged):
    return yearbook.of_year(flagged.parents[1], 2024, POLICY)


@pytest.fixture
def other_pack(tmp_path):
    """A pack of a city that says nothing of its yearbook."""
    return replace(POLICY, folder=tmp_path / "pack")


def of(book, number: str) -> Table:
    return next(table for table in book.tables if table.number == number)


def figures_of(table: Table) -> dict[tuple[str, str], float | None]:
    """(last label, last head) → figure; both must be enough to tell the cells apart."""
    found = {}
    for row in table.rows:
        for column, value in zip(table.columns, row.values, strict=True):
            found[" ".join(filter(None, row.path)), " ".join(filter(None, column.path))] = value
    assert len(found) == len(table.rows) * len(table.columns)
    return found


def in_frame(year: int = 2024, closing: str = "令和7年3月31日") -> frame.Frame:
    return frame.Frame(year, closing, PACK.branches, PACK)


def held_of(volumes) -> pl.DataFrame:
    """Drawn or published volumes (branch × class × place) as counts.held would have counted them."""
    rows = []
    for (branch, mark, place), items in ((at, int(n)) for at, n in _cells(volumes)):
        kind = "children" if mark == 10 else "general"
        told = ["一般書架に配架"] if kind == "children" and place == 0 else []
        where = ("open", "open", "reference", "closed", "office")[place]
        rows.append((figures.branches()[branch], kind, figures.CLASSES[mark], where, told, "book", False, None, items))
    names = ("branch", "kind", "shelf_class", "location", "told", "material", "av", "ndc", "items")
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None).cast(
        {"ndc": pl.String, "told": pl.List(pl.String)}
    )


def _cells(volumes):
    return ((at, volumes[at]) for at in zip(*volumes.nonzero(), strict=True))


# ── against what the demo library was drawn from, and what the city published


def test_classes_and_places_are_the_volumes_the_demo_was_drawn_from(book):
    drawn = figures.volumes(small_store.SCALE)
    assert of(book, "2(1)").rows == holdings.classes(in_frame(), held_of(drawn)).rows
    assert of(book, "2(2)").rows == holdings.places(in_frame(), held_of(drawn)).rows
    by_class, by_place = drawn.sum(axis=2), drawn.sum(axis=1)
    for nth, row in enumerate((*of(book, "2(1)").rows[:10], of(book, "2(1)").rows[11])):
        assert row.values[:-2] == tuple(by_class[:, nth]) and row.values[-2] == by_class[:, nth].sum()
    at = {row.path: row.values for row in of(book, "2(2)").rows}
    paths = (("開架", "一般"), ("開架", "児童"), ("開架", "調査相談"), ("書庫", None), ("事務用", None))
    for nth, path in enumerate(paths):
        assert at[path] == (*by_place[:, nth], by_place[:, nth].sum())


@needs_reference
@pytest.mark.parametrize(
    ("name", "make"), [("holdings_by_class_branch", holdings.classes), ("holdings_by_place", holdings.places)]
)
def test_of_the_published_volumes_it_makes_the_published_table(name, make):
    published = pl.read_csv(PUBLISHED / f"{name}.csv")
    table = make(in_frame(), held_of(figures.volumes(1)))
    assert [row.path[-1] or row.path[0] for row in table.rows] == published[published.columns[0]].str.replace(
        "^小計$", "小計"
    ).to_list()
    assert [row.values[:13] for row in table.rows] == [row[1:] for row in published.iter_rows()]


@needs_reference
def test_of_the_published_loans_it_makes_the_published_table():
    published = pl.read_csv(PUBLISHED / "loans_by_branch.csv")
    rows = [
        (year, figures.branches()[branch], kind, int(n))
        for (nth, branch, which), n in _cells(figures.loans(1))
        if (year := figures.YEARS[nth]) >= 2022
        for kind in [("general", "children")[which]]
    ]  # fmt: skip
    av = [
        (*row, "av", n)
        for *row, n in published.filter(pl.col("branch") != "合計")
        .select("fiscal_year", "branch", "loans_av")
        .iter_rows()
    ]
    names = {
        "越木岩": "越木岩分室",
        "段上": "段上分室",
        "上ヶ原": "上ヶ原分室",
        "甲東園": "甲東園分室",
        "高須": "高須分室",
        "山口": "山口分室",
        "若竹": "若竹分室",
    }
    lent = pl.DataFrame(rows + av, schema=["fiscal_year", "branch", "kind", "loans"], orient="row").with_columns(
        pl.col("branch").replace(names)
    )
    months = {year: (year * 12 + 3, year * 12 + 14) for year in (2022, 2023, 2024)}
    table = flows.loans(in_frame(), lent, months)
    assert [(row.values[0], *row.values[1:6]) for row in table.rows] == list(
        published.select(pl.exclude("fiscal_year", "branch")).iter_rows()
    )
    means = [row.values[-1] for row in table.rows]
    assert means[:4] == [1956, 478, 2218, 3692] and means[12::13] == [11363, 11224, 10862]


@needs_reference
def test_holdings_of_five_years_are_the_published_ones_where_no_snapshot_tells(flagged):
    published = pl.read_csv(PUBLISHED / "holdings_by_year.csv")
    own = counts.begin(flagged.parents[1], 2023, POLICY)
    table = yearbook.table(own, "1(3)")
    assert [row.values for row in table.rows[1:]] == [row[1:] for row in published.iter_rows()][:4]
    assert [row.path for row in table.rows] == [("R1",), ("R2",), ("R3",), ("R4",), ("R5",)]
    assert table.rows[0].values == (None,) * 5 and any("R1" in check for check in table.checks)
    assert any("978,400" in check for check in table.checks)  # 2(1) is counted back from a snapshot of the year after


# ── against counting item by item


def random_av(rng: Random) -> dict[str, list[dict]]:
    """A random library with audio-visual material, music, notes that tell a place, and places of the library's own."""
    library = random_library(rng, 900, 0.6)
    for bib in library["bib"]:
        if rng.random() < 0.4:
            bib["material"] = rng.choice([*AV.values(), "other"])
            bib["ndc"] = rng.choice(["762.3", "764.7", "767.8", "767.9", "768.1", "769", "913.6", "76", None])
    for item in library["item"]:
        item["note"] = rng.choice([None, None, "一般書架に配架", "寄贈。一般書架に配架", "一般書架"])
        item["location"] = rng.choice([item["location"], item["location"], "office", "別館"])
        item["branch"] = rng.choice(["中央図書館", "越木岩分室", "山口分室", "新しい館"])
    return library


@pytest.fixture(scope="module", params=range(2))
def random_book(request, tmp_path_factory):
    """The tables of a random library, and its items on the books with their records."""
    rng, store = Random(request.param), tmp_path_factory.mktemp("random")
    library = random_av(rng)
    (store / "holdings").mkdir()
    write_snapshot(store / "holdings" / f"{AS_OF}-0123456789ab.duckdb", library)
    flag.flag(store, POLICY, AS_OF)
    blank = dict.fromkeys(("material", "ndc", "audience"))
    items = [
        item | {"bib": blank if item["bib_no"] is None else library["bib"][item["bib_no"]]} for item in library["item"]
    ]
    return yearbook.of_year(store, 2024, POLICY), items, library["loan"]


def on_books(item: dict) -> bool:
    here = item["gone_on"] is None or item["gone_on"] > AS_OF
    return here and item["status"] != "withdrawn" and not (item["accession_date"] and item["accession_date"] >= AS_OF)


def is_av(item: dict) -> bool:
    return item["bib"]["material"] in AV.values()


def child(item: dict) -> bool:
    return item["bib"]["audience"] == "child"


def summed(cells: Counter, rows: list[tuple], names: dict[str, list[str]]) -> dict:
    """(label, head) → sum of the cells of some values at some branches."""
    return {
        (label, head): sum(cells[branch, value] for branch in branches for value in values)
        for label, values in rows for head, branches in names.items()
    }  # fmt: skip


HEADS = {"中央図書館": ["中央図書館"], "分室 越木岩*": ["越木岩分室"], "分室 山口": ["山口分室"], "新しい館": ["新しい館"],
         "合計": ["中央図書館", "越木岩分室", "山口分室", "新しい館"]}  # fmt: skip


def test_classes_item_by_item(random_book):
    book, items, _ = random_book
    cells = Counter()
    for item in items:
        if on_books(item) and not is_av(item):
            cells[item["branch"], "K" if child(item) else (item["bib"]["ndc"] or "-")[0]] += 1
    digits = [*"0123456789-"]
    labels = [(f"一般用資料 {words.code('shelf_class', mark)}", [mark]) for mark in digits]
    expected = summed(cells, [*labels, ("小計", digits), ("児童用資料", ["K"]), ("合計", [*digits, "K"])], HEADS)
    found = figures_of(of(book, "2(1)"))
    assert {key: value for key, value in found.items() if key in expected} == expected
    assert all(value == 0 for key, value in found.items() if key not in expected and key[1] != "構成比")
    whole = sum(cells.values())
    assert (
        found["一般用資料 9 文学", "構成比"] == found["一般用資料 9 文学", "合計"] / whole
        and found["合計", "構成比"] == 1
    )
    assert any("新しい館" in check for check in of(book, "2(1)").checks)


def test_places_item_by_item(random_book):
    book, items, _ = random_book
    cells = Counter()
    for item in items:
        if not on_books(item) or is_av(item):
            continue
        if item["location"] == "open":
            place = "児童" if child(item) and "一般書架に配架" not in (item["note"] or "") else "一般"
        else:
            place = {"reference": "調査相談", "closed": "書庫", "office": "事務用"}.get(item["location"], "その他")
        cells[item["branch"], place] += 1
    opened = ["一般", "児童", "調査相談"]
    rows = [*((f"開架 {name}", [name]) for name in opened), ("開架 計", opened),
            *((name, [name]) for name in ("書庫", "事務用", "その他")), ("合計", [*opened, "書庫", "事務用", "その他"])]  # fmt: skip
    expected = summed(cells, rows, HEADS)
    found = figures_of(of(book, "2(2)"))
    assert {key: value for key, value in found.items() if key in expected} == expected
    assert any("別館" in check for check in of(book, "2(2)").checks)


def kind_of_music(item: dict) -> str:
    ndc = item["bib"]["ndc"] or ""
    music = ndc[:3] in ("760", "761", "762", "763", "764", "765", "766", "767", "768")
    if child(item) and music:
        return "児童向け音楽"
    if ndc.startswith("768"):
        return "純邦楽"
    if ndc.startswith(("764.7", "767.8")):
        return "軽音楽"
    return "クラシック" if music else "音楽以外"


def test_audiovisual_item_by_item(random_book):
    book, items, _ = random_book
    cells = Counter(
        (item["branch"], kind_of_music(item), item["bib"]["material"])
        for item in items
        if on_books(item) and is_av(item)
    )
    table = of(book, "2(4)")
    found = figures_of(table)
    kinds = ["クラシック", "軽音楽", "純邦楽", "児童向け音楽", "音楽以外"]
    for branch in HEADS["合計"]:
        for medium, code in AV.items():
            held = [cells[branch, kind, code] for kind in kinds]
            shown = [found[f"{branch} {kind}", medium] for kind in (*kinds, "計")]
            assert shown == ([*held, sum(held)] if any(held) else [None] * 6)
        assert found[f"{branch} 計", "合計"] == sum(n for key, n in cells.items() if key[0] == branch)
    for medium, code in AV.items():
        assert found["合計", medium] == (sum(n for key, n in cells.items() if key[2] == code) or None)
    assert found["合計", "合計"] == sum(cells.values())
    assert {value for (_, head), value in found.items() if head == "DVD-ROM"} == {None}
    assert any("DVD-ROM" in said for said in table.method) and any("運用値" in said for said in table.method)


def test_loans_item_by_item(random_book):
    book, items, loans = random_book
    cells = Counter()
    for loan in loans:
        item = items[loan["item_no"]]
        kind = "視聴覚" if is_av(item) else "児童" if child(item) else "一般"
        cells[(loan["month"] - 3) // 12, item["branch"], kind] += loan["loans"]
    found = figures_of(of(book, "4(1)"))
    names = {"中央図書館": "中央図書館", "越木岩": "越木岩分室", "山口": "山口分室", "新しい館": "新しい館"}
    for year, label in ((2022, "R4"), (2023, "R5"), (2024, "R6")):
        means = []
        for head, branch in names.items():
            general, children, av = (cells[year, branch, kind] for kind in ("一般", "児童", "視聴覚"))
            days = PACK.open_days.get((year, branch))
            shown = [
                found[f"{label} {head}", f"貸出冊数 {name}"]
                for name in ("図書 一般", "図書 児童", "図書 計", "視聴覚", "合計", "1日平均")
            ]
            means.append(days and int((general + children + av) / days + 0.5))
            assert shown == [general, children, general + children, av, general + children + av, means[-1]]
        assert found[f"{label} 合計", "貸出冊数 合計"] == sum(n for key, n in cells.items() if key[0] == year)
        assert found[f"{label} 合計", "貸出冊数 1日平均"] is None  # the open days of one branch are not known
    assert sum("新しい館" in check and "open_days" in check for check in of(book, "4(1)").checks) == 3


@pytest.mark.parametrize("seed", range(3))
def test_what_people_decided_counts_as_in_the_books(tmp_path, other_pack, seed):
    rng, items, taken = Random(seed), [], {}
    for day in (date(2022, 4, 1), date(2023, 2, 1), date(2024, 4, 1)):
        items = random_items(rng, day, items)
        write_items(tmp_path, day, items)
        taken[day] = items
    steps = random_roads(rng, tmp_path, items)
    book = yearbook.of_year(tmp_path, 2023, other_pack)
    rows = dict(zip((2021, 2022, 2023), of(book, "1(3)").rows[2:], strict=True))
    for year, day in zip((2021, 2022, 2023), taken, strict=True):
        there = naive_year.on_books(years.first(year + 1), {"as_of": day, "items": taken[day]}, steps)
        general, children = (sum(kind == which for _, kind in there.values()) for which in ("general", "children"))
        assert rows[year].values == (general, children, general + children, None, general + children)
    assert [
        ("2023-03-31" in check, "2023-02-01" in check) for check in of(book, "1(3)").checks if "取込で" in check
    ] == [(True, True)]
    closing = report.of_year(tmp_path, 2023).table.filter(pl.col("kind") == report.BOTH)
    ends = dict(closing.select("branch", "holdings_end").iter_rows())
    total = of(book, "2(1)").rows[-1]
    found = dict(zip([column.path[0] for column in of(book, "2(1)").columns], total.values, strict=True))
    assert {branch: found[branch] for branch in ends} == ends
    assert not any("2(1)" in check for check in of(book, "2(3)").checks)


def test_movement_prints_the_year_of_the_books(random_book, book, flagged):
    for found, store in ((book, flagged.parents[1]), (random_book[0], random_book[0].end.parents[1])):
        told = report.of_year(store, 2024)
        cells = {(branch, kind): tuple(values) for branch, kind, *values in told.table.iter_rows()}
        rows = {tuple(filter(None, row.path)): row.values for row in of(found, "2(3)").rows}
        names = {
            branch.name: (branch.group, branch.head) if branch.group else (branch.head,) for branch in PACK.branches
        }
        for (branch, kind), values in cells.items():
            assert rows[*names.get(branch, (branch,)), kind] == values
        heads = [" ".join(filter(None, column.path)) for column in of(found, "2(3)").columns]
        assert heads == [
            "令和6年3月31日現在蔵書数", "増加冊数 購入", "増加冊数 寄贈", "増加冊数 編入", "増加冊数 合計", "減少冊数 除籍",
            "減少冊数 管理換※", "減少冊数 合計", "所蔵館変更による増減", "令和7年3月31日現在蔵書数", "年間増減",
        ]  # fmt: skip
        checks = of(found, "2(3)").checks
        assert set(checks) >= {*told.notes, *report.failures(told.table), *report.reasons(told)}
    assert not any("2(1)" in check for check in of(random_book[0], "2(3)").checks)


# ── what is missing is said


def test_a_library_without_audiovisual_material_prints_no_zeros(book):
    assert of(book, "2(4)").rows == () and "1点もありません" in of(book, "2(4)").notes[0]
    assert of(book, "1(3)").rows[-1].values[3] == 22503 and any(
        "R6 の視聴覚は公表値" in note for note in of(book, "1(3)").notes
    )
    assert {row.values[4] for row in of(book, "4(1)").rows} == {None}
    assert any("図書だけ" in check for check in of(book, "4(1)").checks)


def test_a_year_without_its_snapshot_says_so(flagged):
    store = flagged.parents[1]
    running = yearbook.of_year(store, 2025, POLICY)
    assert any("2025-04-01 の取込で数えました" in check for check in of(running, "2(1)").checks)
    assert of(running, "1(3)").rows[-1].values == (None,) * 5
    assert any("0か月分" in check for check in of(running, "4(1)").checks)
    assert of(running, "4(1)").rows[-1].values == (None,) * 7
    with pytest.raises(Problem):
        yearbook.of_year(store, years.of(date.today()) + 1, POLICY)


def test_some_months_of_loans_are_said(random_book):
    assert (LOANS_FROM, LOANS_TO) == (2020 * 12 + 3, 2025 * 12 + 2)
    own = counts.begin(random_book[0].end.parents[1], 2024, POLICY)
    found, months = own.lent
    months[2022] = (months[2022][0] + 5, months[2022][1])
    assert any("7か月分" in check for check in flows.loans(in_frame(), found, months).checks)


def test_without_flags_there_are_no_loans(tmp_path, other_pack):
    write_items(tmp_path, date(2024, 4, 1), random_items(Random(1), date(2024, 4, 1), []))
    table = of(yearbook.of_year(tmp_path, 2023, other_pack), "4(1)")
    assert table.rows == () and "規則をあてる" in table.notes[0]


def test_a_pack_without_a_yearbook_has_the_largest_branch_first(random_book, other_pack):
    book = yearbook.of_year(random_book[0].end.parents[1], 2024, other_pack)
    table = of(book, "2(1)")
    totals = table.rows[-1].values[:-2]
    assert list(totals) == sorted(totals, reverse=True) and len(totals) == 4 and table.notes == ()
    assert not any("branches.csv" in check for each in book.tables for check in each.checks)
    assert {row.path[1] for row in of(book, "2(4)").rows} == {"計", None}


def test_marks_and_notes_stand_in_their_years():
    for year, heads in ((2023, "越木岩"), (2024, "越木岩*"), (2027, "越木岩")):
        assert in_frame(year).columns("2(1)", "count")[4].path == ("分室", heads)
        assert bool(in_frame(year).notes("2(1)")) == heads.endswith("*")
    assert in_frame().notes("1(3)") == ()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("open_days.csv", "年度,所蔵館,開館日数\n2024,中央図書館,二百\n", ("open_days.csv", "2行目", "二百")),
        ("open_days.csv", "年度,所蔵館\n2024,中央図書館\n", ("open_days.csv", "開館日数")),
        ("places.csv", "欄,配架場所,対象,備考の語\n屋上,開架,,\n", ("places.csv", "屋上")),
        ("audiovisual.csv", "分類,英語,対象,NDC\nジャズ,Jazz,成人,764\n", ("audiovisual.csv", "成人")),
        ("branches.csv", "所蔵館,見出し,まとめ,まとめ（英語）\n北口,,,\n北口,,,\n", ("branches.csv", "3行目", "北口")),
        ("branches.csv", b"\x81\xff\xfe\x00", ("branches.csv", "CSV")),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(tmp_path, name, text, said):
    (tmp_path / "yearbook").mkdir()
    (tmp_path / "yearbook" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Problem) as problem:
        settings.read(tmp_path)
    assert all(part in str(problem.value) for part in said)


def test_years_and_days_as_the_yearbook_writes_them():
    assert [frame.short(year) for year in (2024, 2019, 2018)] == ["R6", "R1", "H30"]
    assert (
        frame.spoken_day(date(2019, 3, 31)) == "平成31年3月31日"
        and frame.spoken_day(date(2025, 3, 31)) == "令和7年3月31日"
    )


# ── layout and files


@pytest.fixture(scope="module", params=["ja", "en"])
def spoken(request, random_book):
    """The tables of a random library in each language; the language stays set."""
    token = words.language.set(request.param)
    yield yearbook.of_year(random_book[0].end.parents[1], 2024, POLICY)
    words.language.reset(token)


def test_every_place_of_a_grid_is_filled_once(spoken):
    for table in spoken.tables:
        places = Counter(
            (row, column)
            for cell in (cell for line in layout.grid(table) for cell in line)
            for row in range(cell.row, cell.row + cell.down)
            for column in range(cell.column, cell.column + cell.across)
        )
        high = layout.head_rows(table) + len(table.rows)
        wide = len(table.stub) + len(table.columns)
        assert places == Counter((row, column) for row in range(high) for column in range(wide))


def test_figures_as_they_are_printed():
    table = Table("1", "", "", "", ("a",), (Column(("n",)), Column(("d",), "dash"), Column(("s",), "share")),
                  (Row(("x",), (-7440, 0, 0.0625)), Row(("y",), (None, 1234, 0.10139)), Row(("z",), (0, -3, 1))))  # fmt: skip
    printed = [[layout.text(cell) for cell in line] for line in layout.grid(table)]
    assert printed == [
        ["a", "n", "d", "s"],
        ["x", "△7,440", "-", "6.3%"],
        ["y", "", "1,234", "10.1%"],
        ["z", "0", "△3", "100.0%"],
    ]


def test_the_workbook_opens_with_every_cell(spoken):
    content = files.written(spoken, "xlsx", "西宮市立図書館")
    for table in spoken.tables:
        lines = layout.grid(table)
        if not lines:
            continue
        back = pl.read_excel(
            io.BytesIO(content), sheet_name=f"{table.number} {table.title}"[:31], has_header=False,
            read_options={"dtypes": "string", "skip_rows": 0},
        ).rows()  # fmt: skip
        start = next(n for n, row in enumerate(back) if table.unit in " ".join(filter(None, row))) + 1
        for cell in (cell for line in lines for cell in line):
            read = back[start + cell.row][cell.column]
            if isinstance(cell.value, (int, float)):
                assert float(read) == (
                    cell.value if isinstance(cell.value, int) else pytest.approx(cell.value, rel=1e-6)
                )
            else:
                assert (read or "") == (cell.value or "")
        for note, row in zip(table.notes, back[start + len(lines) :], strict=False):
            assert row[0] == note


def test_numbers_of_the_workbook_are_numbers_and_texts_are_never_formulas(random_book):
    hostile = Table("9(9)", "=1+1", "@冊", "", ("=A1",), (Column(("+1",)), Column(("-2",), "share")),
                    (Row(('=HYPERLINK("http://x")',), (-5, 0.25), True),), ("=2+2",), ("=3",), ("＝4",))  # fmt: skip
    content = files.written(replace(random_book[0], tables=(hostile,)), "xlsx", "=図書館 & Co")
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = ElementTree.fromstring(packed.read("xl/worksheets/sheet1.xml"))
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist() if name.startswith("xl/worksheets/"))
    cells = {
        cell.get("r"): (cell.get("t"), cell.findtext("m:v", None, space)) for cell in sheet.iterfind(".//m:c", space)
    }
    assert cells["B4"] == (None, "-5") and cells["C4"] == (None, "0.25") and cells["A4"][0] == "s"
    setup = sheet.find("m:pageSetup", space)
    assert setup.get("paperSize") == "9" and setup.get("orientation") == "landscape" and setup.get("fitToHeight") == "0"
    assert "=図書館 && Co" in sheet.findtext("m:headerFooter/m:oddHeader", "", space)


def test_the_pdf_has_a_sheet_for_each_table(spoken):
    pages = pypdf.PdfReader(io.BytesIO(files.written(spoken, "pdf", "西宮市立図書館"))).pages
    assert all(page.mediabox.width > page.mediabox.height for page in pages)
    assert words.say("yearbook.remarks") in pages[len(spoken.tables)].extract_text()
    for table, page in zip(spoken.tables, pages, strict=False):
        text = page.extract_text()
        assert table.number in text and snapshots.as_of(spoken.end).isoformat() in text
        printed = Counter(layout.text(cell) for line in layout.grid(table) for cell in line if cell.form != "head")
        for value, times in printed.items():
            assert text.count(value) >= times or not value[:1].isdigit()


def test_the_long_table_has_every_figure(book, flagged):
    content, rows = yearbook.overview(flagged.parents[1], 2024, "csv", "西宮市立図書館", POLICY)
    back = pl.read_csv(content, schema_overrides={"value": pl.Float64})
    assert back.equals(layout.tidy(book.tables)) and rows == sum(len(table.rows) for table in book.tables)
    asked = (
        (pl.col("table") == "2(1) 分類別蔵書数")
        & (pl.col("row") == "一般用資料 9 文学")
        & (pl.col("column") == "分室 越木岩*")
    )
    assert back.filter(asked)["value"].to_list() == [of(book, "2(1)").rows[9].values[4]]
