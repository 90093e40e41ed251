import re
import shutil

import pytest

from collection.pages import frame
from tests.pages.conftest import texts
from tests.small_store import PACK


@pytest.fixture
def crowded(tmp_path, monkeypatch):
    """The pack with shelves as small as the demo library is: a hundredth of the published capacities."""
    folder = tmp_path / "policies" / PACK.name
    shutil.copytree(PACK, folder)
    (tmp_path / "reference").symlink_to(PACK.parents[1] / "reference")
    head, *rows = (PACK / "capacity.csv").read_text(encoding="utf-8").splitlines()
    small = [re.sub("00(?=,|$)", "", row) for row in rows]
    (folder / "capacity.csv").write_text("\n".join([head, *small]), encoding="utf-8")
    monkeypatch.setattr(frame, "PACKS", folder.parent)


@pytest.mark.parametrize(
    ("lang", "place", "words"),
    [
        ("ja", "open", ("北口図書館", "棚にある", "年度末の上限", "受入を見込む", "点の低い順に")),
        ("ja", "closed", ("書庫のいまの棚", "北部図書館")),
        ("en", "open", ("Off the shelf", "Most at year end", "capacity")),
        ("en", "closed", ("Closed stacks: the shelves now",)),
    ],
)
def test_the_shelves_and_the_quota_are_told(crowded, open_page, lang, place, words):
    shown = texts(open_page("space", lang, place=place))
    assert [word for word in words if word not in shown] == []


def test_the_fill_to_reach_stands_in_the_address(crowded, open_page):
    usual, tight = open_page("space", aim="not a number"), open_page("space", aim="70")
    assert (usual.slider[0].value, tight.slider[0].value) == (90, 70)
    assert quota_of(usual) < quota_of(tight)
    usual.slider[0].set_value(70).run()
    assert usual.query_params["aim"] == "70"
    assert quota_of(usual) == quota_of(tight)


def quota_of(app) -> int:
    [said] = [heading.value for heading in app.subheader if "除籍の目安は" in heading.value]
    return int(re.search(r"合わせて([\d,]+)冊", said)[1].replace(",", ""))


@pytest.mark.parametrize(("lang", "said"), [("ja", "排架能力が分からないため"), ("en", "capacity is not known")])
def test_a_branch_without_a_known_capacity_says_so(crowded, open_page, lang, said):
    app = open_page("space", lang, branch="越木岩分室")
    assert app.selectbox[0].value == "越木岩分室"
    assert any(said in info.value for info in app.info)


def test_nothing_need_leave_where_there_is_room(open_page):
    shown = texts(open_page("space", branch="山口分室"))
    assert "除籍をしなくても" in shown
    assert "増やせます" in shown


def test_the_place_is_chosen(crowded, open_page):
    app = open_page("space", place="nowhere")
    assert "開架のいまの棚" in texts(app)
    app.segmented_control[0].set_value("closed").run()
    assert "書庫のいまの棚" in texts(app)
    assert app.query_params["place"] == "closed"
