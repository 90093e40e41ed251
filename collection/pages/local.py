"""地域資料: what is held of the city, what points to it, and what is lacking."""

from collection.pages import frame
from collection.pages.tell import t

frame.enter("local")
frame.head(t("page_local"))
