"""目標との差 against plain counting: targets read, gaps, what leaves, the year before, and the export."""

import math
import shutil
from collections import Counter
from pathlib import Path
from random import Random

import polars as pl
import pytest

from collection import composition, decisions, ledger, shares, sheets
from collection.composition import CLASSES
from collection.ledger import Event
from collection.measures import EVERYTHING, Scope
from collection.policy import PolicyErrors
from collection.store.connection import connect_flags
from tests import committee_store as people
from tests.road_store import EVERYBODY, POLICY, on_road
from tests.small_store import PACK

HEAD = "類,館,対象,割合(%),許容(±ポイント)"


def written(folder: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8-sig") -> Path:
    path = folder / shares.FILE
    path.write_bytes("\r\n".join([head, *rows]).encode(encoding))
    return path


def test_the_shipped_targets_speak_of_every_class_of_the_library():
    found = shares.wanted(shares.targets(PACK / shares.FILE))
    assert set(found["mark"]) == set(CLASSES) - {"-"}
    assert found["target"].sum() == pytest.approx(1)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp932"])
def test_targets_are_read_as_a_spreadsheet_writes_them(tmp_path, encoding):
    head = "類,館,対象,割合（％）,許容（±ポイント）,備考"
    path = written(tmp_path, "４,,,５.０,0.5,", "k,北口図書館,児童,30%,2,仮", ",,,,,", head=head, encoding=encoding)
    assert shares.targets(path).rows() == [("4", "", "", 0.05, 0.005), ("K", "北口図書館", "child", 0.3, 0.02)]


def test_without_a_file_there_are_no_targets(tmp_path):
    assert shares.wanted(shares.targets(tmp_path / shares.FILE)).is_empty()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("10,,,5,1", ["3行目", "10"]),
        ("1,,宇宙人,5,1", ["3行目", "宇宙人"]),
        ("1,,,半分,1", ["3行目", "半分"]),
        ("1,,,101,1", ["3行目", "101"]),
        ("1,,,nan,1", ["3行目", "nan"]),
        ("1,,,5,", ["3行目", "許容"]),
        ("0,,,5,1", ["targets.csv", "2つ以上"]),
        ("1,,,96,1", ["targets.csv", "101.0%"]),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(tmp_path, row, said):
    with pytest.raises(PolicyErrors) as wrong:
        shares.targets(written(tmp_path, "0,,,5,1", row))
    [problem] = wrong.value.problems
    assert all(word in str(problem) for word in ["targets.csv", *said])


def test_a_column_that_is_not_there_and_an_encoding_nobody_knows(tmp_path):
    with pytest.raises(PolicyErrors, match="許容"):
        shares.targets(written(tmp_path, "0,,,5", head="類,館,対象,割合(%)"))
    with pytest.raises(PolicyErrors, match="targets.csv"):
        shares.targets(written(tmp_path, "0,,,5,1", encoding="utf-16"))


def test_all_mistakes_are_told_at_once(tmp_path):
    with pytest.raises(PolicyErrors) as wrong:
        shares.targets(written(tmp_path, "X,,,5,1", "1,,宇宙人,5,1", "2,,,5,1"))
    assert len(wrong.value.problems) == 2


def test_a_branch_has_its_own_targets_before_those_of_every_branch(tmp_path):
    path = written(tmp_path, "0,,,5,1", "0,北口図書館,,8,1", "1,,,4,1", "1,,児童,9,1")
    found = shares.targets(path)

    def wanted(**scope) -> dict:
        return dict(shares.wanted(found, Scope(**scope)).select("mark", "target").rows())

    assert (
        wanted()
        == wanted(branch=("鳴尾図書館",))
        == wanted(branch=("北口図書館", "鳴尾図書館"))
        == {"0": 0.05, "1": 0.04}
    )
    assert wanted(branch=("北口図書館",)) == {"0": 0.08, "1": 0.04}
    assert wanted(audience=("child",)) == wanted(shelf_class=("K",)) == {"1": 0.09}
    parts = ({"location": ("open",)}, {"material": ("book",)}, {"ndc": "4"}, {"shelf_class": ("4",)},
             {"audience": ("general",)}, {"audience": ("",)}, {"audience": ("general", "child")})  # fmt: skip
    assert [wanted(**part) for part in parts] == [{}] * len(parts)


def naive(now: dict[str, list[int]], aims: dict[str, tuple]) -> dict[str, dict]:
    """compare, one class at a time."""
    total = sum(items for items, _, _ in now.values())
    left = sum(items - out + come for items, out, come in now.values())
    told = {}
    for one in {*now, *aims}:
        items, out, come = now.get(one, (0, 0, 0))
        target, tolerance = aims.get(one, (None, None))
        after = items - out + come
        row = {"items": items, "after": after, "share": items / total, "after_share": after / left if left else None}
        for name, count, whole in (("", items, total), ("after_", after, left)):
            row[f"{name}gap"] = None if target is None else math.floor(target * whole + 0.5) - count
            known = tolerance is not None and whole
            row[f"{name}inside"] = abs(count / whole - target) <= tolerance + 1e-9 if known else None
        told[one] = row
    return told


@pytest.mark.parametrize("seed", range(30))
def test_gaps_and_shares_now_and_after(seed):
    rng = Random(seed)
    marks = rng.sample(CLASSES, rng.randrange(1, 12))
    now = {}
    for one in marks:
        items = rng.randrange(1, 5000)
        now[one] = [items, rng.randrange(0, items + 1), rng.choice([0, rng.randrange(0, 900)])]
    aims = {one: (rng.random(), rng.choice([None, rng.random() / 10])) for one in CLASSES if rng.random() < 0.8}
    frame = pl.DataFrame(
        [(one, *counts) for one, counts in now.items()], schema=["mark", "items", "leaving", "arriving"], orient="row"
    )
    against = pl.DataFrame(
        [(one, *aim) for one, aim in aims.items()], orient="row",
        schema={"mark": pl.String, "target": pl.Float64, "tolerance": pl.Float64},
    )  # fmt: skip
    found, expected = shares.compare(frame, against), naive(now, aims)
    assert found["mark"].to_list() == sorted(expected, key=lambda one: (one == "-", one))
    for row in found.to_dicts():
        told = expected[row["mark"]]
        assert {name: row[name] for name in told if "share" not in name} == {
            name: told[name] for name in told if "share" not in name
        }
        assert [row["share"], row["after_share"]] == pytest.approx([told["share"], told["after_share"]])


def test_so_many_volumes_more_bring_a_class_to_its_target():
    now = pl.DataFrame({"mark": ["0", "1"], "items": [300, 700], "leaving": [0, 0], "arriving": [0, 0]})
    aims = pl.DataFrame({"mark": ["0", "1"], "target": [0.4, 0.6], "tolerance": [0.01, 0.2]})
    found = shares.compare(now, aims)
    assert found["gap"].to_list() == [100, -100]
    assert aims["target"].to_list() == [(300 + 100) / 1000, (700 - 100) / 1000]
    assert found["inside"].to_list() == [False, True]
    assert shares.furthest(found)["mark"] == "0"
    assert shares.furthest(shares.compare(now, aims.with_columns(tolerance=0.2))) is None


def test_what_leaves_is_what_the_decisions_say(cursor, flagged, tmp_path):
    store, rng = people.copy(flagged, tmp_path), Random(7)
    held = cursor.sql(
        "SELECT judged.*, item_id FROM judged JOIN facts_of_day.item USING (item_no) ORDER BY item_id"
    ).pl().to_dicts()  # fmt: skip
    numbers = rng.sample([row["item_id"] for row in held], 400)
    on_road(store, numbers[:60], "to_discard")
    with ledger.writing(store) as connection:
        events = [
            Event("tag", item, rng.choice(["withdraw", "withdraw", "keep"]), item_id=item) for item in numbers[30:250]
        ]
        events += [Event("draft", "2025-009", list_no="2025-009")]
        events += [Event("enter", item, item_id=item, list_no="2025-009") for item in numbers[200:400]]
        events += [Event("submit", "2025-009", list_no="2025-009")]
        events += [
            Event("resolve", item, rng.choice(["withdraw", "keep", "hold"]), item_id=item, list_no="2025-009")
            for item in numbers[300:400]
        ]
        ledger.append(connection, EVERYBODY, events)
    decisions.attach(cursor, store)
    known = {row["item_id"]: row for row in decisions.decided(store).items.to_dicts()}

    def stage(item: str) -> str | None:
        one = known.get(item, {})
        if one.get("road") not in (None, "readmitted"):
            return "approved"
        if one.get("entry") in ("entered", "withdraw") and one["list_state"] != "decided":
            return "listed"
        return "tagged" if one.get("tag") == "withdraw" else None

    for scope in (EVERYTHING, Scope(ndc="9"), Scope(branch=("北口図書館",)), Scope(audience=("child",))):
        level = composition.digits(scope)
        expected = Counter()
        for row in held:
            chosen = (not scope.ndc or (row["ndc"] or "").startswith(scope.ndc)) and row["branch"] in (
                scope.branch or (row["branch"],)
            )
            if stage(row["item_id"]) and chosen and row["audience"] in (scope.audience or (row["audience"],)):
                one = (row["ndc"] or "-")[:level] if level else row["shelf_class"]
                expected[row["branch"], one, stage(row["item_id"])] += 1
        found = shares.leaving(cursor, scope).unpivot(["approved", "listed", "tagged"], index=["branch", "mark"])
        assert {tuple(row[:3]): row[3] for row in found.rows() if row[3]} == expected
        assert len({told for _, _, told in expected}) == 3
    together = shares.leaving(cursor).select(pl.sum_horizontal("approved", "listed", "tagged").sum()).item()
    assert together == decisions.decided(store).items.select(decisions.leaving().sum()).item()
    decisions.attach(cursor, tmp_path / "undecided")


def kept(store: Path, flags: Path, day: str) -> Path:
    """The facts and flags of another day, which say the same."""
    snapshot = flags.with_name(flags.name.split(".")[0] + ".duckdb")
    made = [store / "holdings" / file.name.replace("2025-04-01", day) for file in (snapshot, flags)]
    for old, new in zip((snapshot, flags), made, strict=True):
        shutil.copy(old, new)
    return made[0]


def test_the_year_before_is_the_snapshot_nearest_to_it(flagged, tmp_path):
    (tmp_path / "holdings").mkdir()
    today = kept(tmp_path, flagged, "2025-04-01")
    assert shares.year_before(tmp_path, today) is None
    kept(tmp_path, flagged, "2025-01-10")
    assert shares.year_before(tmp_path, today) is None, "nearer to this day than to a year before"
    kept(tmp_path, flagged, "2023-12-01")
    then = kept(tmp_path, flagged, "2024-04-20")
    assert shares.year_before(tmp_path, today)[0] == then
    unjudged = kept(tmp_path, flagged, "2024-04-02")
    next(unjudged.parent.glob(f"{unjudged.stem}.*.duckdb")).unlink()
    found, flags = shares.year_before(tmp_path, today)
    assert found == then and flags.name.startswith("2024-04-20")


def test_the_export_has_the_library_and_every_branch(flagged, tmp_path):
    store = people.copy(flagged, tmp_path)
    flags = store / "holdings" / flagged.name
    with connect_flags(flags) as facts:
        numbers = [item for (item,) in facts.execute("SELECT item_id FROM facts_of_day.item LIMIT 50").fetchall()]
        cells = composition.cells(facts)
        held = facts.sql("SELECT branch, shelf_class, loans_1y FROM judged").pl().to_dicts()
    on_road(store, numbers, "to_discard")
    found = shares.listed(flags, POLICY)
    assert all(name.isascii() for name in found.columns)
    assert found["branch"].unique(maintain_order=True).to_list() == ["", *composition.branches(cells)]
    assert (
        found.filter(pl.col("branch") == "")["leaving"].sum()
        == found.filter(pl.col("branch") != "")["leaving"].sum()
        == 50
    )
    aims = dict(shares.wanted(shares.targets(PACK / shares.FILE)).select("mark", "target").rows())
    for row in found.to_dicts():
        here = [one for one in held if row["branch"] in ("", one["branch"])]
        own = [one for one in here if one["shelf_class"] == row["shelf_class"]]
        loans, lent = sum(one["loans_1y"] for one in here), sum(one["loans_1y"] for one in own)
        assert row["items"] == len(own)
        assert row["share"] == pytest.approx(len(own) / len(here))
        assert row["gap"] == math.floor(aims[row["shelf_class"]] * len(here) + 0.5) - len(own)
        if own:
            assert row["loan_share"] == pytest.approx(lent / loans)
            assert row["relative_use"] == pytest.approx((lent / loans) / (len(own) / len(here)))
    assert sheets.csv_bytes(found).count(b"\r\n") == len(found) + 1
