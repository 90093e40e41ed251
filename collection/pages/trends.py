"""推移: shares and ages over the years and the snapshots that are kept."""

from collection.pages import frame
from collection.pages.tell import t

frame.enter("trends")
frame.head(t("page_trends"))
