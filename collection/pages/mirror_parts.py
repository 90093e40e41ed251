"""規則の鏡: what its three views share: the parts of the address, and what is chosen of a list."""

import streamlit as st

from collection import candidates
from collection.pages import tell
from collection.pages.tell import t

PARTS = ("way", "rule", "taking", "criterion", "received", "page")  # of the address, besides view and scope


def narrow(**parts: str | None) -> None:
    """Shows only a part of what is looked at, after a mark was clicked; None takes a part away."""
    change(**parts)
    st.rerun()


def change(**parts: str | None) -> None:
    """The same in a callback: one new address, so that Back returns from it in one step."""
    kept = {name: st.query_params.get_all(name) for name in st.query_params if name not in (*parts, "page")}
    st.query_params.from_dict(kept | {name: [value] for name, value in parts.items() if value is not None})


def chosen(said: str, *parts: str) -> None:
    """Says what a click has chosen of the list, and takes it away again."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.markdown(t("mirror.chosen", what=tell.plain(said)), width="content")
        st.button(t("mirror.all"), key="mirror_all", type="tertiary", on_click=change, kwargs=dict.fromkeys(parts))


def received() -> int | None:
    """The fiscal year that the address asks for."""
    return candidates.from_query({"received": st.query_params.get_all("received")}).received
