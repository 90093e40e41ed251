"""年報: the tables of the yearbook, as they are printed."""

from collection.pages import frame
from collection.pages.tell import t

frame.enter("yearbook")
frame.head(t("page_yearbook"))
