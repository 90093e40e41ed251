"""The whole way on a small library that a person has read: import → measure → flag → survive → route → score → export.

candidates.csv beside the input is the golden file; every line of it was checked by hand against SEMANTICS.
"""

from pathlib import Path

from collection.__main__ import main

FLOW = Path(__file__).parent / "flow"
INPUT = [str(FLOW / f"{kind}.csv") for kind in ("bibs", "items", "loans", "holds", "retention")]


def run(*arguments) -> int:
    return main([str(argument) for argument in arguments])


def test_from_exports_to_a_routed_list(tmp_path):
    store, out = tmp_path / "store", tmp_path / "candidates.csv"
    assert run("import", "--store", store, "--as-of", "2025-04-01", *INPUT) == 0
    assert run("flag", "--store", store, "--policy", "nishinomiya", "--as-of", "2025-04-01") == 0
    assert run("export", "candidates", "--store", store, "--out", out) == 0
    assert out.read_text(encoding="utf-8-sig") == (FLOW / "candidates.csv").read_text(encoding="utf-8-sig")


def test_the_same_files_again_change_nothing(tmp_path, capsys):
    for _ in range(2):
        assert run("import", "--store", tmp_path, "--as-of", "2025-04-01", *INPUT) == 0
    assert len(list((tmp_path / "holdings").glob("*.duckdb"))) == 1
    assert "変わったところはありません" in capsys.readouterr().out


def test_nothing_is_done_without_a_snapshot(tmp_path, capsys):
    assert run("flag", "--store", tmp_path, "--policy", "nishinomiya", "--as-of", "2025-04-01") == 2
    assert "collection import" in capsys.readouterr().err


def test_an_unknown_policy_is_named(tmp_path, capsys):
    assert run("policy", "check", "--policy", "atlantis") == 2
    assert "nishinomiya" in capsys.readouterr().err


def test_the_pack_is_right_and_every_clause_is_counted(capsys):
    assert run("policy", "check", "--policy", "nishinomiya") == 0
    assert run("policy", "coverage", "--policy", "nishinomiya") == 0
    assert "289" in capsys.readouterr().out
