"""目標と計画: what was to be reached in a year, and how far it is; entered, counted, judged, and printed in the library's own form."""

import streamlit as st

from collection.pages import doing, frame, plans_list, plans_new, plans_one, plans_parts
from collection.pages.tell import t
from collection.plans import keeping
from collection.store import snapshots

person = frame.enter("plans")
snapshot, flags, policy = frame.need_flags()
at = plans_parts.At(snapshot, flags, policy, person, snapshots.as_of(snapshot))
st.html(frame.HERE / "plans.css")
st.header(t("page_plans"), anchor=False)
doing.tell_done("plans")
own = keeping.kept(frame.store())
asked = st.query_params.get("plan", "")
if asked in own or asked in keeping.samples():
    plans_one.show(at, own.get(asked) or keeping.samples()[asked])
elif st.query_params.get("view") == "new":
    plans_new.show(at, own)
else:
    plans_list.show(at, own)
