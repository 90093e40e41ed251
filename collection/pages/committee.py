"""委員会: the lists and how far each is; one list, opened, with what the person may do with it."""

import streamlit as st

from collection import agenda, steps
from collection.pages import committee_draft, committee_list, doing, frame, tell
from collection.pages.tell import t

person = frame.enter("committee")
snapshot, flags, policy = frame.need_flags()
opened = st.query_params.get("list")

if opened:
    committee_list.show(person, snapshot, flags, policy, opened)
    st.stop()

st.header(t("page_committee"), anchor=False)
doing.tell_done("committee")
if "librarian" in person.roles:
    committee_draft.show(person, snapshot, flags, policy)
made = agenda.every(frame.store())
st.subheader(t("committee.lists"), anchor=False)
if not made:
    st.info(t("committee.no_lists"))
for one in made:
    with st.container(border=True, gap="xxsmall"):
        frame.link("committee", tell.plain(f"{one.list_no}　{one.title}"), {"list": [one.list_no]})
        said = {"state": steps.word("list", one.state), "n": tell.books(one.items), "on": one.drafted_on}
        st.caption(tell.plain(t("committee.list_line", name=one.drafted_name, **said)))
