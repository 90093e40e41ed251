"""No donor is ever named: what looks like a person in free text is found before it is written, for nothing can be erased later."""

import re
import unicodedata

from collection.sources import personal
from collection.sources.headers import header_key
from collection.words import Problem

DONOR = re.compile(r"寄贈者|寄託者|寄附者|寄付者|提供者|申出者|持ち?主|^donor|^giver|^owner")
CERTAIN = ("email", "phone", "address", "card", "birth")  # refused; what may be a name is asked about
PARTS = r"[\s、。,，．；;:：・/／()（）「」『』【】]+"


def refuse_donors(columns: tuple[str, ...], file: str) -> None:
    """Raises Problem naming the columns about who offers; other personal columns are refused when a table is opened."""
    found = [column for column in columns if DONOR.search(header_key(column))]
    if found:
        raise Problem("sources.personal_header", file=file, columns="、".join(f"「{column}」" for column in found))


def found_in(text: str) -> str | None:
    """What about a person stands in free text: email, phone, address, card, birth, or name; None: nothing is seen."""
    said = unicodedata.normalize("NFKC", text).strip()
    if not said:
        return None
    if kind := personal.kind_of("", "note", [said]):
        return kind
    parts = [part for part in re.split(PARTS, said) if part]
    named = re.search(
        rf"(?:{'|'.join(personal.surnames())})[ ]?[一-龥々ぁ-んァ-ヶー]{{0,4}}[ ]?(?:様|さま|さん|氏|殿|先生)", said
    )
    return "name" if named or any(personal.kind_of("", "note", [part]) == "name" for part in parts) else None


def refuse(confirmed: bool, *texts: str) -> None:
    """Raises Problem when a text holds something personal; a name only when nobody confirmed that it is none."""
    for text in texts:
        kind = found_in(text)
        if kind in CERTAIN or (kind == "name" and not confirmed):
            raise Problem(f"gifts.personal_{'name' if kind == 'name' else 'text'}", text=text)
