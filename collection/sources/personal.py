"""Columns about people are refused before anything of them is stored: by their header, and by what a sample holds."""

import re
import tomllib
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl

from collection.sources import normalise
from collection.sources.headers import header_key
from collection.words import Problem

NAMES = re.compile(
    r"^利用者(?!数|層)|^(?:貸出|予約|借受|借用|返却|督促|申込|請求|希望|登録|延滞)者(?!数|の?符号|館|区分)|氏名|姓名|^姓$|^名前|本名|"
    r"(?<!著者)(?<!出版者)(?<!発行者)(?<!館)住所|居住地|番地|郵便番号|電話|(?<!会)携帯|^tel\d?$|^fax$|phone|生年月日|誕生日|"
    r"^e?mail$|^メール(?!マガジン)|メールアドレス|mailaddress|"
    r"カード(?:番号|no|id|コード)|会員(?:番号|名|no|id)|保護者|学籍番号|マイナンバー|個人番号|"
    r"^(?:patron|borrower|user|customer|member|reader)(?:id|no|number|name|code|card|barcode)?$|"
    r"(?:card|patron|borrower|student)(?:number|no|id)$|^(?:home|street|postal)?address\d?$|zipcode|postcode|"
    r"birth(?:day|date)|dateofbirth|^dob$|surname|firstname|lastname|familyname|givenname|fullname|personname"
)
# Headers under which names of people are names of makers, not of readers.
MAKERS = re.compile(
    r"著|作|編|訳|監修|絵|画|文$|写真|責任|作曲|演奏|出演|監督|人名|author|creator|editor|contributor|translator|artist"
)
DATED = re.compile(
    r"受入|登録|発行|出版|刊行|作成|更新|入力|除籍|廃棄|期限|貸出|返却|督促|確認|年月日?$|月日$|date$|year$"
)

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
MOBILE = re.compile(r"\D?(?:0[5-9]0\d{8}|(?:\+?81)[5-9]0\d{8})\D?")
DASHED_PHONE = re.compile(r"(?<!\d)\(?0\d{1,4}\)?[-( ]\d{1,4}[-) ]\d{3,4}(?!\d)")
ADDRESS = re.compile(
    r"〒\s*\d{3}-?\d{4}|(?:[都道府県]|^).{1,9}[市区町村郡].{0,20}?(?:\d+(?:丁目|番地?|-\d+)|[一二三四五六七八九十]+丁目)"
)
FULL_NAME = re.compile(r"[一-龥々〆ヶ]{1,4}[ 　,、]+[一-龥々ぁ-んァ-ヶー]{1,5}|[ァ-ヶー]{2,6}[ 　][ァ-ヶー]{2,6}")
NO_PERSON = re.compile(r"[社館店会学院所局課部園庁省校版堂房室組協]$|図書|研究|出版|文庫|委員")
CHECKED_FULLY = {"note", "requester_token"}
FEW, HALF = 0.1, 0.5


def refuse_headers(headers: list[str], file: str) -> None:
    """Raises Problem naming every header that speaks of a person (利用者番号, 氏名, 住所, 電話, 生年月日, メール …)."""
    found = [header for header in headers if is_personal(header)]
    if found:
        raise Problem("sources.personal_header", file=file, columns="、".join(f"「{header}」" for header in found))


def is_personal(header: str) -> bool:
    """Whether a column of this name is about a person."""
    return bool(NAMES.search(header_key(header)))


def refuse_contents(sample: pl.DataFrame, fields: dict[str, str], file: str) -> None:
    """Looks at the values of every column of a sample.

    Args:
        sample: rows of the file as text.
        fields: column → the field it was taken for, where it was; its own kind of values is not held against it.
        file: name of the file, for the message.

    Raises:
        Problem: a column holds phone numbers, addresses, names … (the column is named, never what stands in it).
    """
    for column in sample.columns:
        values = [unicodedata.normalize("NFKC", value).strip() for value in sample[column].drop_nulls().unique()]
        what = kind_of(column, fields.get(column), [value for value in values if value])
        if what:
            raise Problem(f"sources.personal_{what}", file=file, column=column)


def kind_of(column: str, field: str | None, values: list[str]) -> str | None:
    """What about people a column's distinct values are: email, phone, address, name, birth, card; None: nothing.

    Args:
        column: its header.
        field: the field it was taken for; None for a column that is unknown here, which is looked at hardest.
        values: its distinct values, NFKC and trimmed, none blank.
    """
    if not values:
        return None
    free = field is None or field in CHECKED_FULLY
    few = FEW if free else HALF
    if _share(EMAIL.search, values) >= few:
        return "email"
    if _share(DASHED_PHONE.search if free else DASHED_PHONE.fullmatch, values) >= few:
        return "phone"
    if not free:
        return None
    if _share(MOBILE.fullmatch, values) >= few:
        return "phone"
    if _share(ADDRESS.search, values) >= FEW * 2:
        return "address"
    if not MAKERS.search(header_key(column)) and _share(_person, values) >= HALF:
        return "name"
    if _share(_card, values) >= 0.8:
        return "card"
    if field is None and not DATED.search(header_key(column)) and _births(values):
        return "birth"
    return None


@cache
def surnames() -> tuple[str, ...]:
    """The most frequent Japanese surnames."""
    table = tomllib.loads((Path(__file__).parent / "surnames.toml").read_text(encoding="utf-8"))
    return tuple(table["surnames"].split())


def _share(test, values: list[str]) -> float:
    return sum(1 for value in values if test(value)) / len(values)


def _person(value: str) -> bool:
    if NO_PERSON.search(value):
        return False
    return bool(FULL_NAME.fullmatch(value)) or (
        3 <= len(value) <= 5 and value.startswith(surnames()) and _all_han(value)
    )


def _all_han(value: str) -> bool:
    return bool(re.fullmatch(r"[一-龥々]{2,4}[一-龥々ぁ-ん]{1,3}", value))


def _card(value: str) -> bool:
    """A payment card (14–16 digits, Luhn) or an Individual Number (12 digits with its check digit)."""
    digits = re.sub(r"[\s-]", "", value)
    if not digits.isdecimal():
        return False
    numbers = [int(digit) for digit in digits]
    if len(digits) in (14, 15, 16):
        doubled = [number * 2 - 9 * (number > 4) if place % 2 else number for place, number in enumerate(numbers[::-1])]
        return sum(doubled) % 10 == 0
    if len(digits) == 12:
        weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
        rest = sum(number * weight for number, weight in zip(numbers, weights, strict=False)) % 11
        return numbers[-1] == (0 if rest < 2 else 11 - rest)
    return False


def _births(values: list[str]) -> bool:
    """Days as only lives are spread: nearly all values are full dates, over forty years, a fifth before 1975."""
    days: list[date] = [day for day, why in map(normalise.date_of, values) if day and not why]
    if len(days) < max(3, 0.8 * len(values)):
        return False
    return (max(days) - min(days)).days > 40 * 365 and sum(day.year < 1975 for day in days) >= len(days) / 5
