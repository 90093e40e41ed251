"""偏り against plain counting, with decisions of every kind; the index on cases known by hand."""

import csv
import re
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collection import candidates, decisions, ledger, neutrality, purchases
from collection.candidates import Filter
from collection.ledger import Event
from collection.measures import Scope
from collection.roles import Person
from collection.store.connection import connect_flags
from collection.words import Problem
from tests import committee_store as people
from tests.road_store import POLICY

CLAUSES = Path(__file__).parents[2] / "shared" / "reference" / "clauses.csv"
EVERYBODY = Person("a", "山田", frozenset({"librarian", "manager"}))
FACTS = (
    "SELECT item_no, item_id, judged.branch, judged.location, judged.audience, judged.material, judged.ndc, judged.bib_no,"
    " author, publisher, series FROM judged JOIN facts_of_day.item USING (item_no)"
    " LEFT JOIN facts_of_day.bib AS bib ON bib.bib_no = judged.bib_no"
)
COUNTS = ("titles", "items", "titles_after", "items_after", "titles_library", "items_library")
EVERY = tuple("0123456789")


# ── the naive twin


def said(row: dict) -> set[tuple[str, str | None]]:
    names = {name.strip() for name in (row["author"] or "").split(";")} - {""}
    return {
        ("whole", None), ("publisher", row["publisher"]), ("series", row["series"]),
        *(("author", name) for name in names or {None}),
    }  # fmt: skip


def naive_values(rows: list[dict], gone: set[int], ndc: tuple[str, ...], inside) -> dict:
    """(section, kind, value) → counts as in COUNTS, row by row."""
    held = defaultdict(lambda: [defaultdict(int) for _ in range(3)])  # items by title: here, after, library
    for row in rows:
        if row["ndc"] and len(row["ndc"]) == 3 and row["ndc"].startswith(ndc):
            for kind, value in said(row):
                here, after, library = held[row["ndc"], kind, value]
                library[row["bib_no"]] += 1
                here[row["bib_no"]] += inside(row)
                after[row["bib_no"]] += inside(row) and row["item_no"] not in gone
    return {
        key: tuple(count for part in parts for count in (sum(n > 0 for n in part.values()), sum(part.values())))
        for key, parts in held.items()
    }


def naive_sections(counts: dict, place: int, guides: dict, fewest: int) -> dict:
    """(section, kind) → titles, items, unknown, distinct, largest, share, top five, HHI (fractions), over."""
    told, whole = {}, {key[0]: count for key, count in counts.items() if key[1] == "whole"}
    for section, kind in {key[:2] for key in counts if key[1] != "whole" and whole[key[0]][place]}:
        of = {key[2]: count[place] for key, count in counts.items() if key[:2] == (section, kind) and count[place]}
        unknown = of.pop(None, 0)
        every = sum(of.values())
        order = sorted(of.items(), key=lambda one: (-one[1], one[0]))
        share = Fraction(order[0][1], every) if order else None
        told[section, kind] = (
            whole[section][place], whole[section][place + 1], unknown, len(of), order[0][0] if order else None, share,
            Fraction(sum(n for _, n in order[:5]), every) if order else None,
            sum(Fraction(100 * n, every) ** 2 for n in of.values()) if order else None,
            share > Fraction(str(guides[kind])) if every >= fewest else None,
        )  # fmt: skip
    return told


def random_decisions(rng: Random, rows: list[dict]) -> pl.DataFrame:
    """The table `decided` for a part of the items, every state beside every other."""
    chosen = rng.sample(rows, len(rows) // 3)
    told = [
        {
            "item_no": row["item_no"], "tag": rng.choice([None, "withdraw", "keep", "hold"]),
            "entry": rng.choice([None, None, "entered", "withdraw", "keep"]),
            "list_state": rng.choice(["draft", "in_review", "decided"]),
            "road": rng.choice([None, None, None, "to_offer", "discarded", "readmitted"]),
        }
        for row in chosen
    ]  # fmt: skip
    schema = {"item_no": pl.Int32} | dict.fromkeys(("tag", "entry", "list_state", "road"), pl.String)
    return pl.DataFrame(told, schema=schema).with_columns(
        list_state=pl.when(pl.col("entry").is_not_null()).then("list_state")
    )


def leaving(decided: pl.DataFrame) -> set[int]:
    return {
        row["item_no"] for row in decided.to_dicts()
        if row["tag"] == "withdraw" or (row["road"] and row["road"] != "readmitted")
        or (row["entry"] in ("entered", "withdraw") and row["list_state"] != "decided")
    }  # fmt: skip


@pytest.fixture(scope="module")
def rows(flagged) -> list[dict]:
    with connect_flags(flagged) as cursor:
        return cursor.sql(FACTS).pl().to_dicts()


@pytest.fixture(scope="module")
def decided(rows) -> pl.DataFrame:
    return random_decisions(Random(3), rows)


@pytest.fixture
def deciding(flagged, decided):
    """A cursor whose `decided` is the random one."""
    with connect_flags(flagged) as cursor:
        cursor.register("decided", decided)
        yield cursor


SCOPES = {
    "everything": (EVERY, Scope(), lambda row: True),
    "a branch": (("1", "49"), Scope(branch=("北口図書館",)), lambda row: row["branch"] == "北口図書館"),
    "open shelves for adults": (
        ("913", "16", "3"), Scope(location=("open",), audience=("general", "")),
        lambda row: row["location"] == "open" and row["audience"] in ("general", None),
    ),
    "a material": (("9",), Scope(material=("large_print", "book")), lambda row: row["material"] in ("large_print", "book")),
}  # fmt: skip


@pytest.mark.parametrize(("ndc", "scope", "inside"), SCOPES.values(), ids=SCOPES)
def test_values_and_sections_are_those_of_plain_python(deciding, rows, decided, ndc, scope, inside):
    found = neutrality.values(deciding, neutrality.KINDS, ndc, scope)
    expected = naive_values(rows, leaving(decided), ndc, inside)
    assert {row[:3]: row[3:] for row in found.select("section", "kind", "value", *COUNTS).rows()} == expected
    policy = replace(POLICY, parameters=POLICY.parameters | {neutrality.FEWEST: 4, "一人の著者の割合の目安": 0.25})
    over = set()
    for place, of in ((0, ""), (2, "_after"), (4, "_library")):
        told = neutrality.sections(found, policy, of)
        twin = naive_sections(expected, place, neutrality.guides(policy), 4)
        assert {(section, kind) for section, kind in told.select("section", "kind").rows()} == set(twin)
        for row in told.to_dicts():
            exact = twin[row["section"], row["kind"]]
            assert tuple(row[name] for name in ("titles", "items", "unknown", "distinct", "largest", "over")) == (
                *exact[:5], exact[8],
            )  # fmt: skip
            for name, value in zip(("largest_share", "top5_share", "hhi"), exact[5:8], strict=True):
                assert row[name] is None if value is None else row[name] == pytest.approx(float(value))
            over.add(row["over"])
    assert over == {True, False, None}


def test_only_the_kinds_asked_for(deciding):
    found = neutrality.values(deciding, ("series",), None)
    assert set(found["kind"]) == {"whole", "series"}
    both = neutrality.values(deciding, neutrality.KINDS, None).filter(pl.col("kind").is_in(["whole", "series"]))
    assert found.sort("section", "kind", "value").equals(both.sort("section", "kind", "value"))


def test_the_plan_is_the_difference(deciding, decided):
    found = neutrality.values(deciding, ("publisher",), None)
    told = neutrality.effect(found, POLICY)
    now, after = neutrality.sections(found, POLICY), neutrality.sections(found, POLICY, "_after")
    shares = {row["section"]: row["largest_share"] for row in after.to_dicts()}
    for row in told.filter(pl.col("titles").is_not_null()).to_dicts():
        if row["section"] in shares:
            assert row["change"] == pytest.approx(shares[row["section"]] - row["largest_share"])
        else:
            assert row["change"] is None
    assert told.height == now.height and told["change"].abs().max() > 0
    gone = found.filter(kind="whole").select((pl.col("items") - pl.col("items_after")).sum()).item()
    assert 0 < gone <= len(leaving(decided))


def test_the_real_decisions_are_those_that_decisions_calls_leaving(flagged, rows, tmp_path):
    store = people.copy(flagged, tmp_path)
    chosen = [row["item_id"] for row in Random(1).sample(rows, 60)]
    with connect_flags(flagged) as cursor, ledger.writing(store) as connection:
        events = [Event("approve", item, "to_discard", item_id=item) for item in chosen[:20]]
        ledger.append(connection, EVERYBODY, events)
    with connect_flags(flagged) as cursor:
        people.tag(store, cursor, chosen[20:40])
        people.tag(store, cursor, chosen[40:], "keep")
        decisions.attach(cursor, store)
        found = neutrality.values(cursor, ("publisher",), None).filter(kind="whole")
    gone = set(decisions.decided(store).items.filter(decisions.leaving())["item_id"])
    assert gone == set(chosen[:40])
    expected = sum(row["item_id"] in gone and row["ndc"] is not None and len(row["ndc"]) == 3 for row in rows)
    assert (found["items"] - found["items_after"]).sum() == expected > 0


# ── known by hand


def one_section(*titles: int, unknown: int = 0, kind: str = "publisher") -> pl.DataFrame:
    """A 目 whose values have so many titles each."""
    rows = [("159", kind, f"v{n:03}", count) for n, count in enumerate(titles)]
    rows += [("159", kind, None, unknown)] if unknown else []
    rows.append(("159", "whole", None, sum(titles) + unknown))
    named = pl.DataFrame(rows, schema=["section", "kind", "value", "titles"], orient="row")
    return named.with_columns(pl.col("titles").alias(name) for name in COUNTS[1:])


def told(found: pl.DataFrame, **operating) -> dict:
    policy = replace(POLICY, parameters=POLICY.parameters | operating)
    return neutrality.sections(found, policy).row(0, named=True)


def test_one_alone_and_equal_ones():
    alone = told(one_section(7))
    assert (alone["hhi"], alone["largest_share"], alone["top5_share"]) == (10_000, 1, 1)
    assert told(one_section(3, 3, 3, 3))["hhi"] == pytest.approx(2500)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60))
def test_the_index_lies_between_equal_shares_and_one_alone(titles):
    row = told(one_section(*titles))
    assert 10_000 / len(titles) - 1e-6 <= row["hhi"] <= 10_000 + 1e-6
    assert row["largest_share"] == max(titles) / sum(titles) <= row["top5_share"] + 1e-12
    assert row["hhi"] <= row["largest_share"] * 10_000 + 1e-6


def test_what_is_not_on_record_is_told_and_not_counted():
    row = told(one_section(2, 1, unknown=5))
    assert (row["titles"], row["unknown"], row["distinct"], row["largest_share"]) == (8, 5, 2, pytest.approx(2 / 3))
    nothing = told(one_section(unknown=4))
    assert [nothing[name] for name in ("largest", "largest_share", "top5_share", "hhi", "over")] == [None] * 5


@pytest.mark.parametrize(
    ("titles", "over"), [((20, *[8] * 10), False), ((21, *[8] * 10), True), ((6, 23), True), ((28, 1), None), ((29, 1), True)]
)  # fmt: skip
def test_the_guide_is_exceeded_above_it_and_from_the_fewest_titles_on(titles, over):
    values = {"一つの出版者の割合の目安": 0.2, neutrality.FEWEST: 29 if titles == (6, 23) else 30}
    assert told(one_section(*titles), **values)["over"] is over


# ── a list to buy

LIST = "分類,著者名,出版者,叢書名\n159.4,山田太郎;鈴木花子,港の社,\n159,山田太郎／山田太郎,,港の文庫\n15,無,無,無\n9136,,,\n"


def read(folder: Path, content: bytes) -> pl.DataFrame:
    path = folder / "list.csv"
    path.write_bytes(content)
    return purchases.read(path, []).rows


@pytest.mark.parametrize("content", [LIST.encode("cp932"), LIST.encode("utf-8-sig")])
def test_a_list_to_buy_adds_titles_afterwards(tmp_path, content):
    rows, outside = neutrality.bought(read(tmp_path, content))
    counted = {row[:3]: row[3:] for row in rows.select("section", "kind", "value", *COUNTS).rows()}
    one, two = (0, 0, 1, 1, 0, 0), (0, 0, 2, 2, 0, 0)
    assert counted == {
        ("159", "whole", None): two, ("159", "author", "山田太郎"): two, ("159", "author", "鈴木花子"): one,
        ("159", "publisher", "港の社"): one, ("159", "publisher", None): one, ("159", "series", "港の文庫"): one,
        ("159", "series", None): one, ("913", "whole", None): one, ("913", "author", None): one,
        ("913", "publisher", None): one, ("913", "series", None): one,
    }  # fmt: skip
    assert outside == 1


def test_what_is_bought_counts_beside_what_is_held(tmp_path):
    rows, _ = neutrality.bought(read(tmp_path, LIST.encode()))
    held = one_section(3, 1)
    row = neutrality.effect(neutrality.together(held, rows, ("publisher",), ("159",)), POLICY).row(0, named=True)
    assert (row["titles"], row["titles_after"], row["unknown_after"], row["distinct_after"]) == (4, 6, 1, 3)
    assert (row["largest_share"], row["largest_share_after"]) == (0.75, 0.6)
    assert row["change"] == pytest.approx(-0.15)


# ── the pack, the file, the list


def test_the_clauses_of_the_delicate_fields_are_there():
    if not CLAUSES.exists():
        pytest.skip("the reference clauses are not beside the project")
    with CLAUSES.open(encoding="utf-8-sig") as file:
        known = {row["clause"] for row in csv.DictReader(file) if row["document"] == "collection-criteria"}
    for field in neutrality.fields(POLICY):
        named = re.findall(r"第(\d)の(\d)\((\d+)\)([ア-オ]?)", field.article)
        assert named and field.name and field.en
        for *numbers, kana in named:
            assert "-".join([*numbers, *([str("アイウエオ".index(kana) + 1)] if kana else [])]) in known


def test_a_class_that_is_none_is_named_with_its_line(tmp_path):
    file = tmp_path / "sensitive.csv"
    file.write_text(
        "分野,英語,分類,条\n人生訓,Maxims,159,基準 第4\n宗教,Religion,16から19,基準 第4\n", encoding="utf-8"
    )
    with pytest.raises(Problem) as problem:
        neutrality.fields(replace(POLICY, folder=tmp_path))
    assert problem.value.values["line"] == 3
    file.unlink()
    assert neutrality.fields(replace(POLICY, folder=tmp_path)) == []


def test_the_file_has_a_row_for_every_section_and_kind(flagged, rows):
    made = neutrality.listed(flagged, POLICY)
    assert tuple(made.columns) == neutrality.COLUMNS
    counted = naive_values(rows, set(), EVERY, lambda row: True)
    twin = naive_sections(counted, 0, neutrality.guides(POLICY), POLICY.parameters[neutrality.FEWEST])
    assert {(row["section"], row["kind"]): row["largest"] for row in made.to_dicts()} == {
        key: one[4] for key, one in twin.items()
    }


def test_the_list_holds_as_many_items_as_the_figure_says(cursor):
    """For publishers and series; of an author the list holds what the filter of the list takes for the author's."""
    found = neutrality.values(cursor, ("publisher", "series"), ("159", "913")).drop_nulls("value")
    for kind in ("publisher", "series"):
        row = found.filter(kind=kind).sort("items", "value").row(-1, named=True)
        chosen = Filter(verdict=(), tag=(candidates.ALL,), ndc=row["section"], **{kind: row["value"]})
        assert candidates.totals(cursor, chosen)["items"].sum() == row["items"] > 0
