"""Every word of the screens is there in both languages, and every word that the screens ask for is there."""

import re
from pathlib import Path
from string import Formatter

import pytest

from collection import candidates, sheets, words

PAGES = Path(__file__).parents[2] / "collection" / "pages"
SCREENS = words.table("screens")
GLOSSARY = ("fields", "codes", "facts", "title_facts", "measures", "demo", "policy")  # tables of another form
FILES = [path.stem for path in sorted((PAGES.parent / "words").glob("*.toml")) if path.stem not in GLOSSARY]


@pytest.mark.parametrize(("file", "key"), [(file, key) for file in FILES for key in words.table(file)])
def test_both_languages_say_the_same_figures(file, key):
    entry = words.table(file)[key]
    assert set(entry) == {"ja", "en"}
    asked = {lang: {name for _, name, _, _ in Formatter().parse(text) if name} for lang, text in entry.items()}
    assert asked["ja"] == asked["en"]


def test_english_has_no_kana():
    spoken = [
        (file, key) for file in FILES for key, entry in words.table(file).items()
        if key != "branch_suffix" and re.search("[ぁ-んァ-ヶ一-龠]", entry["en"])
    ]  # fmt: skip
    assert spoken == []


def test_every_key_the_screens_ask_for_is_there():
    code = "\n".join(file.read_text(encoding="utf-8") for file in PAGES.glob("*.py"))
    asked = set(re.findall(r"""\bt\(\s*"([a-z_0-9]+)\"""", code))
    assert asked - set(SCREENS) == set()
    parts = re.findall(r"""\b(?:t|say|Problem)\(\s*"([a-z_]+)\.([a-z_0-9]+)\"""", every_line())
    assert [(file, key) for file, key in parts if key not in words.table(file)] == []


def every_line() -> str:
    files = [*PAGES.parent.rglob("*.py"), PAGES.parents[1] / "app.py"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_no_word_is_left_over():
    code = every_line()
    made = (
        "page_",
        "kind_",
        "label_",
        "filter_",
        "sort_",
        "help_",
        "attention_",
        "download_",
        "outcome_",
        "said_",
        "other_",
        "menu_",
    )
    used = re.compile(r"""["'](?:screens\.)?([a-z_0-9]+)["']""")
    left = [key for key in SCREENS if key not in set(used.findall(code)) and not key.startswith(made)]
    assert left == []


@pytest.mark.parametrize("lang", words.LANGUAGES)
def test_every_column_of_a_download_has_a_name(lang):
    token = words.language.set(lang)
    try:
        names = [sheets.heading(column) for column in candidates.WHOLE]
    finally:
        words.language.reset(token)
    assert len(set(names)) == len(names)
