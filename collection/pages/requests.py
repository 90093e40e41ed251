"""リクエスト."""

import streamlit as st

from collection.pages import frame
from collection.pages.tell import t

frame.enter("requests")
frame.need_flags()
st.header(t("page_requests"), anchor=False)
