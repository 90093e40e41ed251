"""試算: other operating values, and what they would do."""

from collection.pages import frame
from collection.pages.tell import t

frame.enter("whatif")
frame.head(t("page_whatif"))
