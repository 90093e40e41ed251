import html
import re
from datetime import date
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest

from collection import candidates, decisions
from collection.store.connection import connect
from collection.yearbook import TABLES
from tests.pages.conftest import texts
from tests.test_report import random_items, write_snapshot


def shown(app) -> str:
    """The table on screen."""
    [found] = [element.value for element in app.get("html") if 'table class="official"' in element.value]
    return found


def grid(app) -> list[list[str]]:
    """Its cells row by row, as text."""
    rows = re.findall(r"<tr>(.*?)</tr>", shown(app))
    return [
        [html.unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows
    ]


@pytest.mark.parametrize("lang", ["ja", "en"])
@pytest.mark.parametrize("number", TABLES)
def test_every_table_opens_in_both_languages(open_page, lang, number):
    app = open_page("yearbook", lang, table=number)
    assert app.subheader[0].value.startswith(number)
    assert not app.error
    assert len(app.get("download_button")) == 3


def test_the_table_stands_as_it_is_printed(open_page):
    rows = grid(open_page("yearbook"))
    assert rows[0] == [
        "分類",
        "中央図書館",
        "北部図書館",
        "鳴尾図書館",
        "北口図書館",
        "分室",
        "西宮浜義務教育学校",
        "合計",
        "構成比",
    ]
    assert rows[1] == ["越木岩*", "段上", "上ヶ原", "甲東園", "高須", "山口", "若竹"]
    assert rows[2][:2] == ["一般用資料", "0 総記"] and rows[3][0] == "1 哲学"
    assert [row[0] for row in rows[-3:]] == ["小計", "児童用資料", "合計"] and rows[-1][-1] == "100.0%"


def test_a_figure_leads_to_as_many_items(open_page, flagged):
    app = open_page("yearbook")
    links = [
        (html.unescape(to), int(n.replace(",", "")))
        for to, n in re.findall(r'<a href="([^"]+)"[^>]*>([\d,]+)</a>', shown(app))
    ]
    assert len(links) > 100
    snapshot = flagged.with_name(flagged.name.split(".")[0] + ".duckdb")
    with connect(attach={"flags": flagged, "facts_of_day": snapshot}) as cursor:
        cursor.execute("SET search_path = 'flags.main'")
        decisions.attach(cursor, flagged.parents[2] / "nothing decided")
        for address, items in links[::7]:
            asked = candidates.from_query(parse_qs(urlsplit(address).query))
            assert candidates.count(candidates.totals(cursor, asked), asked) == items


def test_a_year_without_its_snapshot_says_so(open_page):
    app = open_page("yearbook", fy="2025")
    assert app.selectbox(key="yearbook_fy").value == "2025"
    assert any("2025-04-01 の取込" in warning.value for warning in app.warning)
    app.selectbox(key="yearbook_fy").set_value("2024").run()
    assert "2024" in app.query_params["fy"] and app.success


def test_an_older_snapshot_does_not_lead_to_todays_items(open_page, store):
    write_snapshot(store, date(2024, 3, 31), random_items(Random(1), date(2024, 3, 31), []))
    app = open_page("yearbook", store=store, fy="2023")
    assert "<a href" not in shown(app) and "2024-03-31 の取込" in shown(app)
    assert any("最新の取込" in caption.value for caption in app.caption)
    assert "<a href" in shown(open_page("yearbook", store=store, fy="2024"))


def test_what_does_not_agree_is_said(open_page):
    app = open_page("yearbook", table="2(3)")
    assert "確かめること" in app.warning[0].value and "さかのぼって" in app.warning[0].value


def test_an_address_that_means_nothing_shows_the_usual_table(open_page):
    app = open_page("yearbook", fy="1850", table="<b>")
    assert app.subheader[0].value.startswith("2(1)") and "令和6年度" in texts(app)


def test_a_partner_may_not_open_it(open_page):
    assert not open_page("yearbook", role="partner").get("download_button")
