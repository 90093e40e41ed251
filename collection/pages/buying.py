"""購入の検討."""

import streamlit as st

from collection.pages import frame
from collection.pages.tell import t

frame.enter("buying")
frame.need_flags()
st.header(t("page_buying"), anchor=False)
