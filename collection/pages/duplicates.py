"""複本: copies beyond use, titles that ask for more, and copies to move between branches."""

from collection.pages import frame
from collection.pages.tell import t

frame.enter("duplicates")
frame.head(t("page_duplicates"))
