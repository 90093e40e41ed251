"""Screens over a library whose titles try to do harm show them as text."""

import re
from pathlib import Path

import pytest

from collection.pages import frame
from tests import hostile_store, small_store
from tests.hostile_store import OVERRIDE
from tests.pages.conftest import texts

OWN_SCRIPTS = {
    f"<script>{file.read_text(encoding='utf-8')}</script>" for file in Path(frame.__file__).parent.glob("*.js")
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The flags of the hostile library."""
    folder = tmp_path_factory.mktemp("hostile")
    return hostile_store.build(folder / "store", folder / "files")


TITLES = {
    "=HYPERLINK%": "HYPERLINK",
    "<script>%": "script",
    f"%{OVERRIDE}%": "みぎから",
    '"><img%': "img",
    "[押す]%": "押す",
}


@pytest.mark.parametrize("like", TITLES)
def test_a_card_shows_a_hostile_title_as_text(open_page, hostile, like):
    found = f"title LIKE '{like}' AND verdict IS NOT NULL"
    where = (
        f"item_no IN (SELECT item_no FROM s.item JOIN s.bib USING (bib_no) JOIN f.judged USING (item_no) WHERE {found})"
    )
    item = small_store.items_of(hostile, where)[0]
    harmless(open_page("card", store=hostile.parents[1], item=item), TITLES[like])


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "[x](javascript:alert(1))", f"表{OVERRIDE}みぎから"])
def test_what_an_address_says_is_shown_as_text(open_page, hostile, text):
    harmless(open_page("candidates", store=hostile.parents[1], text=text), "")
    harmless(open_page("card", store=hostile.parents[1], item=text), "")


def harmless(app, part: str) -> None:
    """The part is shown, and no text of the screen is markup: neither for the browser nor for markdown."""
    assert part in texts(app) and OVERRIDE not in texts(app)
    for page in app.get("html"):
        if page.value in OWN_SCRIPTS:
            continue
        assert not re.search(r"<(script|img)", page.value)
    for kind in ("header", "subheader", "markdown", "caption", "info", "warning", "success", "error"):
        for element in app.get(kind):
            assert not re.search(r"(?<!\\)(<script|<img|\]\(javascript)", element.value), element.value
