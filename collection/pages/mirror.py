"""規則の鏡."""

import streamlit as st

from collection.pages import frame
from collection.pages.tell import t

frame.enter("mirror")
frame.need_flags()
st.header(t("page_mirror"), anchor=False)
