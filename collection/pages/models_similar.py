"""類本: how many titles have neighbours, how near they are, and pairs that anyone can check."""

import altair as alt
import polars as pl
import streamlit as st

from collection.pages import charts, frame, tell
from collection.pages.models_parts import At
from collection.pages.tell import t
from collection.store import snapshots
from models.artefact import Manifest
from models.similar import found


def summary(manifest: Manifest) -> str:
    """How many titles have similar ones."""
    figures = manifest.figures
    share = tell.percent(figures["titles"] / max(1, figures["records"]))
    return t("models_similar.summary", share=share, pairs=tell.number(figures["pairs"] // 2))


def show(at: At) -> None:
    """Figures, their spread, and examples with the words they share."""
    if at.file is None:
        st.info(t("models_similar.none"))
        return
    figures = at.manifest.figures
    with frame.cursor(at.snapshot, at.flags) as own:
        survivors = found.survivors(own)
    told = {
        "records": figures["records"], "compared": figures["compared"], "titles": figures["titles"],
        "pairs": figures["pairs"], "survivors": survivors,
    }  # fmt: skip
    cells = "".join(
        f'<tr><th scope="row">{t(f"models_similar.n_{name}")}</th><td class="n">{tell.number(n)}</td></tr>'
        for name, n in told.items()
    )
    st.html(f'<table class="plain facts"><tbody>{cells}</tbody></table>')
    st.caption(t("models_similar.weights", snapshot=tell.plain(figures["weights_of"])))
    _spread(figures["spread"]["neighbours"]["shares"], at)
    if figures["examples"]:
        _examples(pl.DataFrame(figures["examples"]))


def _examples(pairs: pl.DataFrame) -> None:
    """Pairs of each band of scores."""
    st.subheader(t("models_similar.examples"), anchor=False)
    for (band,), rows in pairs.group_by("band", maintain_order=True):
        st.markdown(f"**{t(f'models_similar.band_{round(band * 100)}')}**")
        tell.table(
            rows.drop("band").with_columns(pl.col("shared_words").str.replace_all(";", "・"), pl.col("score") * 100),
            {"score": tell.number}, named={name: t(f"models_similar.head_{name}") for name in rows.columns if name != "band"},
        )  # fmt: skip


def _spread(shares: list[float], at: At) -> None:
    """How many neighbours titles have."""
    last = len(shares) - 1
    frame_of = pl.DataFrame(
        {"n": [f"{n}" if n < last else t("models_similar.or_more", n=n) for n in range(last + 1)], "share": shares}
    )

    def draw(dark: bool) -> alt.Chart:
        return (
            alt.Chart(frame_of)
            .mark_bar(color=charts.blue(dark))
            .encode(
                x=alt.X("n:N", sort=None, title=t("models_similar.neighbours"), axis=alt.Axis(labelAngle=0)),
                y=alt.Y("share:Q", title=None, axis=alt.Axis(format="%")),
            )
            .properties(height=180)
        )

    title = t("models_similar.spread_title", share=tell.percent(1 - shares[0]))
    charts.figure(
        "similar_spread", title, draw, frame_of, method=t("models_similar.spread_method"),
        as_of=snapshots.as_of(at.snapshot), spoken={"share": tell.percent}, named={"n": t("models_similar.neighbours"), "share": t("models_similar.share")},
    )  # fmt: skip
