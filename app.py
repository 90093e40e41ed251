"""蔵書のものさし: language, page config, who is signed in, navigation. Started by `collection serve`."""

import logging
from datetime import datetime
from pathlib import Path

import streamlit as st

from collection import words
from collection.pages import frame
from collection.pages.tell import plain, t

frame.speak()
frame.person()
icon = Path(__file__).parent / "collection" / "pages" / "icon.png"
st.set_page_config(page_title=t("product"), page_icon=str(icon), layout="wide")
page = st.navigation(frame.menu(), expanded=True)
frame.signed_in_as()
frame.switch_language()
try:
    page.run()
except words.Problem as problem:
    st.error(plain(str(problem)))
except Exception:
    logging.getLogger("collection").exception("page %s", page.url_path)
    st.error(t("unexpected", at=f"{datetime.now():%Y-%m-%d %H:%M:%S}"))
