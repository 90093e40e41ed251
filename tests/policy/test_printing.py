"""The 対照表 as a file: the same rows as on screen, readable on paper in both languages."""

import io
import shutil
from datetime import date

import polars as pl
import pypdf
import pytest

from collection import policy, words
from collection.__main__ import main
from collection.policy import cases, printing, table
from collection.words import Problem
from tests.small_store import PACK

DAY = date(2025, 4, 1)
COUNTS = {"km-8-2-2": (179393, 197), "km-8-2-3": (0, 12)}


@pytest.fixture(scope="module")
def pack():
    return policy.load(PACK, DAY)


@pytest.fixture(scope="module", params=["ja", "en"])
def language(request):
    token = words.language.set(request.param)
    yield request.param
    words.language.reset(token)


def known(pack) -> dict:
    wordings = {(rule.document, rule.clause): f"文{rule.clause}番" + "条文" * 50 for rule in pack.rules}
    return {"counts": COUNTS, "cases": cases.counts(pack.folder), "wordings": wordings}


@pytest.fixture(scope="module")
def pages(pack, language) -> list[str]:
    """The text of each page of the paper."""
    content = printing.pdf(pack, **known(pack))
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]


def flat(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def test_sheet_has_the_rows_of_the_table(pack, language):
    found = table.rows(pack, **known(pack))
    back = pl.read_excel(io.BytesIO(printing.xlsx(pack, **known(pack))), infer_schema_length=0).fill_null("")
    assert back.columns == [words.say(f"policy.table_{name}") for name in table.COLUMNS]
    read = [dict(zip(table.COLUMNS, row, strict=True)) for row in back.iter_rows()]
    for rule, row, cells in zip(pack.rules, found, read, strict=True):
        for name in ("rule", "effect", "gist", "wording", "values", "operating"):
            assert cells[name] == row[name].strip(), rule.id
        for name in ("cases", "items", "unknown"):
            assert cells[name] == ("" if row[name] is None else str(row[name])), rule.id
        assert cells["in_force"].startswith(row["in_force"].isoformat())
        parts = row["condition"].split(words.say("policy.semicolon")) if rule.signs else [row["condition"]]
        assert cells["condition"].startswith("\n".join(parts).strip())
        if language == "ja":
            assert cells["article"] == row["article"]


def test_a_question_stands_under_what_is_missing_and_once_only(pack, language):
    rows = {row["rule"]: row["condition"] for row in printing.rows(pack)}
    for rule in pack.rules:
        asked = rule.english.get("question") if language == "en" else rule.question
        assert rows[rule.id].count(asked or "\0") == bool(asked), rule.id


def test_csv_leaves_out_what_is_not_known(pack, language):
    back = pl.read_csv(io.BytesIO(printing.file(pack, "csv", cases=cases.counts(pack.folder))))
    shown = [name for name in table.COLUMNS if name not in ("wording", "items", "unknown")]
    assert back.columns == [words.say(f"policy.table_{name}") for name in shown]
    assert back[words.say("policy.table_rule")].to_list() == [rule.id for rule in pack.rules]


def test_paper_has_a_head_on_every_page(pages):
    for number, text in enumerate(pages, start=1):
        assert words.say("screens.as_of", day=DAY) in text
        assert f"{number} / {len(pages)}" in text
        assert words.say("policy.table_condition") in text


def test_every_rule_stands_whole_on_one_page(pack, pages):
    printed = [flat(text) for text in pages]
    for rule, row in zip(pack.rules, printing.rows(pack, **known(pack)), strict=True):
        told = [row[name] for name in ("gist", "wording", "condition")]
        cells = [printing.cited(pack, rule), rule.id, row["effect"], row["in_force"].isoformat(), *told]
        assert sum(flat("".join(cells)) in text for text in printed) == 1, rule.id
    assert "179,393" in "".join(printed)
    assert all(flat(term["gist"]) in "".join(printed[-2:]) for term in table.terms(pack))


def test_paper_is_landscape_and_says_what_was_not_counted(pack, language):
    sheets = pypdf.PdfReader(io.BytesIO(printing.pdf(pack))).pages
    assert all(page.mediabox.width > page.mediabox.height for page in sheets)
    assert flat(words.say("policy.table_not_counted")) in flat(sheets[0].extract_text())
    assert words.say("policy.table_items") not in flat(sheets[1].extract_text())


def test_written_by_its_ending(pack, tmp_path):
    for kind, start in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        printing.write(pack, tmp_path / "new" / f"rules.{kind}")
        assert (tmp_path / "new" / f"rules.{kind}").read_bytes().startswith(start)
    with pytest.raises(Problem, match=r"\.pdf"):
        printing.write(pack, tmp_path / "rules.doc")


def columns_of(path) -> list[str]:
    return pl.read_csv(path).columns


def test_the_command_writes_the_file_with_the_items_of_the_newest_flags(flagged, tmp_path, capsys):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "holdings").symlink_to(flagged.parent)
    for store, counted in (("store", True), ("empty", False)):
        out = tmp_path / f"{store}.csv"
        given = ["policy", "table", "--policy", "nishinomiya", "--store", str(tmp_path / store)]
        assert main([*given, "--out", str(out)]) == 0
        assert str(out) in capsys.readouterr().out
        assert (words.say("policy.table_items") in columns_of(out)) == counted
        assert main(given) == 0
        assert capsys.readouterr().out.startswith(
            f"{words.say('policy.table_article')}\t{words.say('policy.table_rule')}\t"
        )


def test_items_judged_by_other_rules_are_not_written(flagged, tmp_path):
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "holdings").symlink_to(flagged.parent)
    other = tmp_path / "nishinomiya"
    shutil.copytree(PACK, other)
    text = (
        (other / "policy.toml")
        .read_text(encoding="utf-8")
        .replace('clauses = "../../reference/nishinomiya/clauses.csv"\n', "")
    )
    (other / "policy.toml").write_text(text, encoding="utf-8")
    out = tmp_path / "rules.csv"
    assert main(["policy", "table", "--policy", str(other), "--store", str(tmp_path / "store"), "--out", str(out)]) == 0
    assert words.say("policy.table_items") not in columns_of(out)
