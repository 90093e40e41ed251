"""鮮度: what is past its shelf life, superseded editions on open shelves, and the fields that the 基準 names."""

from collection.pages import frame
from collection.pages.tell import t

frame.enter("freshness")
frame.head(t("page_freshness"))
