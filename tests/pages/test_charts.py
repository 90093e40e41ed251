"""Charts as files: their picture says what the screen says, is light and needs no network."""

import altair as alt
import polars as pl
import pytest

from collection.pages import charts

FOUND = pl.DataFrame(
    {"name": ["0 総記", "1 哲学"], "branch": ["中央", "北口"], "value": [3, 5], "told": ["3冊", "5冊"]}
)


def bars(dark: bool) -> alt.Chart:
    return charts.bars(
        FOUND, y="name", value="value", said="told", sort=FOUND["name"].to_list(), fields=("name",), dark=dark,
        tips=[alt.Tooltip("told")],
    )  # fmt: skip


def test_a_picture_is_a_png():
    assert charts.picture(bars(False), "1類がいちばん多い", "2025-04-01 現在", "png").startswith(b"\x89PNG\r\n")


def test_a_drawing_says_title_method_and_figures():
    drawn = charts.picture(bars(False), "1類がいちばん多い", "2025-04-01 現在。数え方", "svg").decode()
    for said in ("1類がいちばん多い", "2025-04-01 現在。数え方", "5冊", "0 総記"):
        assert said in drawn
    assert 'fill="#ffffff"' in drawn


@pytest.mark.parametrize("dark", [True, False])
def test_every_kind_of_chart_can_be_clicked(dark):
    tips = [alt.Tooltip("told")]
    drawn = [
        bars(dark),
        charts.heat(
            FOUND, x="branch", y="name", value="value", said="told", tips=tips, dark=dark, sort_x=["中央", "北口"],
            sort_y=FOUND["name"].to_list(), fields=("branch", "name"), middle=1,
        ),
        charts.dumbbell(
            FOUND.with_columns(other=pl.lit(4)), y="name", first="value", second="other", names=("今", "後"), tips=tips,
            dark=dark, sort=FOUND["name"].to_list(), fields=("name",),
        ),
        charts.lines(
            FOUND, x="branch", y="value", by="name", colours={"0 総記": "#332288", "1 哲学": "#117733"}, tips=tips, dark=dark,
            fields=("name",),
        ),
        charts.treemap(
            FOUND, value="value", said="name", more="told", colour=alt.Color("value:Q"), tips=tips, dark=dark, fields=("name",)
        ),
    ]  # fmt: skip
    for chart in drawn:
        told = chart.to_dict()
        assert [param["name"] for param in told["params"]] == ["pick"]
        assert "select" in told["params"][0]
