"""`policy check` finds mistakes also in the files that the screens read, each with file and line."""

from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from collection import pack_files
from collection.policy import load
from tests.small_store import PACK

DAY = date(2025, 4, 1)


@pytest.fixture
def pack(tmp_path) -> Path:
    copytree(PACK.parents[1] / "reference", tmp_path / "data" / "reference")
    return Path(copytree(PACK, tmp_path / "data" / "policies" / "nishinomiya"))


def test_the_shipped_pack_has_no_mistake():
    assert pack_files.problems(load(PACK, DAY)) == []


@pytest.mark.parametrize(
    ("file", "line"),
    [("targets.csv", "あ,,,ほげ,1"), ("fields.csv", "分野,Field,abc,どこか"), ("sensitive.csv", ",,x,"), ("yearbook/open_days.csv", "ことし,中央図書館,たくさん")],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_named(pack, file, line):
    path = pack / file
    text = path.read_text(encoding="utf-8-sig").rstrip("\n")
    path.write_text(f"{text}\n{line}\n", encoding="utf-8")
    found = [str(problem) for problem in pack_files.problems(load(pack, DAY))]
    assert len(found) >= 1
    assert Path(file).name in found[0]
    assert str(text.count("\n") + 2) in found[0]
