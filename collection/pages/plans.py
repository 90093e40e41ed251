"""目標と計画: what was to be reached in a year, and how far it is."""

from collection.pages import frame
from collection.pages.tell import t

frame.enter("plans")
frame.head(t("page_plans"))
