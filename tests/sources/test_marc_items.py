"""Items in 852/876, 949, 952 and 999 by mapping."""

from pathlib import Path

import polars as pl
import pymarc
import pytest
from marc_records import field, marc

from collection.sources.marc import items, reference, rules
from collection.words import Problem


def own(*fields: pymarc.Field) -> rules.Own:
    """The fields of one record by tag."""
    return rules.by_tag(reference.fields_of(pymarc.Record(marc(*fields))))


def found(mapping: items.Mapping, *fields: pymarc.Field) -> list[dict]:
    """The items of one record as fields, blanks left out."""
    units = items.units(own(*fields), mapping)
    rows = pl.DataFrame(units, schema={str(at): pl.String for at in range(len(mapping.places))}, orient="row")
    return [{name: text for name, text in row.items() if text} for row in items.as_columns(rows, mapping).to_dicts()]


@pytest.mark.parametrize("name", items.ORDER)
def test_every_shipped_mapping_loads_and_knows_its_barcode_and_branch(name):
    mapping = items.load(name)
    assert mapping.name == name
    assert {"item_id", "branch", "call_number", "status"} <= mapping.steps.keys()


def test_koha_952():
    mapping = items.load("marc-koha-952")
    whole = field(
        "952", "  ", ("0", "0"), ("1", "0"), ("4", "0"), ("7", "0"), ("a", "NORTH"), ("b", "EAST"), ("c", "開架"), ("d", "2015-04-01"),
        ("g", "1500.00"), ("l", "12"), ("o", "913.6/カ"), ("p", "100001"), ("s", "2019-05-06"),
    )  # fmt: skip
    lost = field("952", "  ", ("1", "2"), ("4", "1"), ("b", "EAST"), ("p", "100002"))
    lent = field("952", "  ", ("1", "0"), ("a", "NORTH"), ("p", "100003"), ("q", "2024-04-15"))
    gone = field("952", "  ", ("0", "1"), ("1", "1"), ("a", "NORTH"), ("p", "100004"))
    rows = found(mapping, whole, lost, lent, gone)
    assert rows[0] == {
        "item_id": "100001", "branch": "NORTH", "location": "開架", "call_number": "913.6/カ", "accession_date": "2015-04-01",
        "price": "1500.00", "loans_total": "12", "last_loan_date": "2019-05-06", "status": "available",
    }  # fmt: skip
    assert [row["status"] for row in rows] == ["available", "missing", "on_loan", "withdrawn"]
    assert (rows[1]["branch"], rows[1]["condition"], rows[2]["due_date"]) == ("EAST", "damaged", "2024-04-15")


def test_koha_999_is_the_number_of_the_record():
    record = own(field("999", "  ", ("c", "4711"), ("d", "4711")))
    assert items.bib_texts(record, items.load("marc-koha-952")) == {"bib_id": "4711"}


def test_852_and_876_belong_together_by_their_link():
    rows = found(
        items.load("marc-852-876"),
        field("852", "  ", ("8", "1"), ("b", "北口"), ("c", "開架"), ("k", "K"), ("h", "913"), ("i", "カ")),
        field("852", "  ", ("8", "2"), ("b", "鳴尾"), ("c", "書庫"), ("h", "914")),
        field("876", "  ", ("8", "2.1"), ("p", "B2"), ("j", "貸出中")),
        field("876", "  ", ("8", "1.1"), ("p", "B1"), ("d", "20150401"), ("c", "1500円")),
    )
    assert rows == [
        {"item_id": "B2", "branch": "鳴尾", "location": "書庫", "call_number": "914", "status": "貸出中"},
        {
            "item_id": "B1",
            "branch": "北口",
            "location": "開架",
            "call_number": "K 913 カ",
            "accession_date": "20150401",
            "price": "1500円",
        },
    ]


def test_852_alone_is_an_item_and_one_852_serves_several_876():
    mapping = items.load("marc-852-876")
    assert found(mapping, field("852", "  ", ("b", "北口"), ("p", "B1"))) == [{"item_id": "B1", "branch": "北口"}]
    shared = found(
        mapping, field("852", "  ", ("b", "北口")), field("876", "  ", ("p", "B1")), field("876", "  ", ("p", "B2"))
    )
    assert [(row["item_id"], row["branch"]) for row in shared] == [("B1", "北口"), ("B2", "北口")]


def test_949_and_999():
    sierra = field("949", "  ", ("a", "913.6"), ("b", "カ"), ("i", "30001"), ("l", "kita"), ("s", "m"))
    assert found(items.load("marc-949"), sierra) == [
        {"item_id": "30001", "branch": "kita", "call_number": "913.6 カ", "status": "missing"}
    ]
    symphony = field(
        "999",
        "  ",
        ("a", "913.6 カ"),
        ("i", "30002"),
        ("k", "CHECKEDOUT"),
        ("l", "STACKS"),
        ("m", "KITA"),
        ("u", "4/1/2015"),
    )
    assert found(items.load("marc-999"), symphony)[0] | {"call_number": ""} == {
        "item_id": "30002", "branch": "KITA", "location": "STACKS", "call_number": "", "accession_date": "4/1/2015", "status": "on_loan",
    }  # fmt: skip


def test_a_mapping_of_ones_own(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'item = "990"\n[fields]\nitem_id = "990$b"\nbranch = { from = "990$l", codes = { K = "北口図書館" }, other = "本館" }\nsource = { always = "purchase" }\n',
        encoding="utf-8",
    )
    rows = found(
        items.load(path),
        field("990", "  ", ("b", "1"), ("l", "K")),
        field("990", "  ", ("b", "2"), ("l", "Z")),
        field("990", "  ", ("b", "3")),
    )
    assert [row.get("branch") for row in rows] == ["北口図書館", "本館", None]
    assert {row["source"] for row in rows} == {"purchase"}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("item = ", "marc.mapping_unreadable"),
        ('item = "952"\n[fields]\nbranch = "952$a"\n', "marc.mapping_lacks"),
        ('[fields]\nitem_id = "952$p"\n', "marc.mapping_lacks"),
        ('item = "952"\n[fields]\nitem_id = "952p"\n', "marc.mapping_place"),
        ('item = "952"\n[fields]\nitem_id = "952$p"\nbranch = { codes = { a = "b" } }\n', "marc.mapping_place"),
        ('item = "952"\n[fields]\nitem_id = "952$p"\nshelf = "952$c"\n', "marc.mapping_field"),
    ],
)
def test_mistakes_in_a_mapping_are_said(tmp_path, text, key):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problem) as problem:
        items.load(path)
    assert problem.value.key == key
    assert str(path) in str(problem.value)


def test_a_mapping_that_is_not_there_is_said(tmp_path):
    with pytest.raises(Problem, match=r"none\.toml"):
        items.load(Path(tmp_path / "none.toml"))
