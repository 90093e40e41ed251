"""Every message and reason that reading tables can give has its words; every field has its entry and its reader."""

import re
from pathlib import Path

import pytest

from collection import words
from collection.sources import lines, readers

CODE = "\n".join(path.read_text() for path in (Path(readers.__file__).parent).glob("*.py"))
NORMALISE = "\n".join(path.read_text() for path in (Path(readers.__file__).parent / "normalise").glob("*.py"))


def test_messages_have_words():
    keys = set(re.findall(r'"sources\.([a-z_]+)"', CODE))
    assert keys
    assert keys <= set(words.table("sources"))


def test_reasons_have_words():
    reasons = set(lines.REASONS.values()) | {"bad_line"}
    reasons |= set(re.findall(r'"((?:ndc|c_code|isbn|date|year|price|number|truth|code)_[a-z]+)"', NORMALISE)) - {
        "code_of"
    }
    reasons |= set(re.findall(r'add_note\(\s*connection, [a-z.]+, "([a-z_]+)"', CODE))
    for fields in words.table("fields").values():
        reasons |= {f"blank_{field}" for field, about in fields.items() if about.get("required")}
    functions = {f"{name}_of" for name in ("c_code", "code", "date", "isbn", "year", "truth")}
    assert reasons - functions - {"ndc_all", "ndc_edition"} <= set(words.table("imports"))


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field) for kind, fields in words.table("fields").items() for field in fields]
)
def test_every_field_has_a_reader_and_columns(kind, field):
    about = words.table("fields")[kind][field]
    values, _ = readers.reader(about, False)("1")
    columns = readers.outputs(kind, field, about)
    assert len(values) == len(columns)
    assert set(columns) - {"never"} <= set(readers.STAGED[kind])
    assert {"ja", "en"} <= about["meaning"].keys()
    assert about.get("codes") is None or about["codes"] in words.table("codes")
