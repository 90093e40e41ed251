"""リクエスト: one request checked and taken, the list of them with the history of each, and a file of thousands."""

import streamlit as st

from collection.pages import (
    doing,
    frame,
    requests_ask,
    requests_file,
    requests_list,
    requests_one,
    requests_parts,
    tell,
)
from collection.pages.tell import t
from collection.requests import standing
from collection.store import snapshots

person = frame.enter("requests")
snapshot, flags, policy = frame.need_flags()
at = requests_parts.At(snapshot, flags, policy, person, snapshots.as_of(snapshot))
st.html(frame.HERE / "requests.css")
counts = standing.counts(frame.store())
open_now = sum(counts[state] for state in standing.OPEN)
with st.container(horizontal=True, gap="medium", vertical_alignment="center"):
    st.header(t("page_requests"), anchor=False, width="content")
    view = requests_parts.view({"list": tell.number(open_now)})
doing.tell_done("requests")
if view == "ask":
    requests_ask.show(at)
elif view == "file":
    requests_file.show(at)
elif number := st.query_params.get("request"):
    requests_one.show(at, number)
else:
    requests_list.show(counts)
