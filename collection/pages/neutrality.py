"""偏り: how far a 目 rests on few authors, publishers or series."""

from collection.pages import frame
from collection.pages.tell import t

frame.enter("neutrality")
frame.head(t("page_neutrality"))
