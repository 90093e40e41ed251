"""書架の余裕: how full each branch is, and the quota that keeps it within its band."""

from collection.pages import frame
from collection.pages.tell import t

frame.enter("space")
frame.head(t("page_space"))
