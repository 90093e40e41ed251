"""Plain text and keys: trimmed, blank is None, keys in half-width."""

import unicodedata

BLANKS = " \t\n\r\u3000"


def plain(text: str | None) -> str:
    """NFKC and trimmed, for reading a value whose width does not matter; None becomes ""."""
    return unicodedata.normalize("NFKC", text).strip() if text else ""


def text_of(text: str | None) -> str | None:
    """Text kept as written, without the blanks around it; None when nothing is left."""
    return (text.strip(BLANKS) or None) if text else None


def id_of(text: str | None) -> str | None:
    """A key (barcode, record number): NFKC and trimmed, leading zeros kept; None when blank."""
    return plain(text) or None
