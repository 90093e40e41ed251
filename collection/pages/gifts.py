"""寄贈・寄託."""

import streamlit as st

from collection.pages import frame
from collection.pages.tell import t

frame.enter("gifts")
frame.need_flags()
st.header(t("page_gifts"), anchor=False)
