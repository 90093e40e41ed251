"""What is read set by set equals what is read value by value, on random values."""

import string
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from collection import words
from collection.sources import normalise, readers, typed
from collection.store.connection import connect

JAPANESE = (
    "".join(map(chr, [*range(0x3041, 0x3097), *range(0x30A1, 0x30FB), *range(0x4E00, 0x4E40)])) + "髙﨑學國々ー〆"
)
MARKS = " 　-‐–—―−ー─～〜・「」（）()[];:/|,.!?+#&'\"ⅡⅣ①㈱ｶﾞﾊﾟｰ％\t\n"
texts = st.text(alphabet=JAPANESE + MARKS + string.ascii_letters + string.digits + "０１２ＡＢｃ", max_size=20)
numbers = st.text(alphabet=string.digits + "０９,.-+ eE_/年月日RHS令平元", min_size=1, max_size=12)
days = st.dates(date(1890, 1, 1), date(2110, 1, 1)).flatmap(
    lambda day: st.sampled_from(
        [
            day.isoformat(),
            f"{day.year}/{day.month}/{day.day}",
            f"{day:%Y%m%d}",
            f"{day.month}/{day.day}/{day:%y}",
            f"{day.year}.{day.month}",
            f"{day:%Y/%m/%d}",
            f" {day.isoformat()}",
            f"{day:%Y %m %d}",
            f"R{max(1, day.year - 2018)}.{day.month}.{day.day}",
        ]
    )
)
isbn_like = st.one_of(
    st.text(alphabet="0123456789X", min_size=9, max_size=13),
    st.integers(400_000_000, 499_999_999).map(lambda nine: f"{nine}{nine % 10}"),
    st.integers(0, 999_999_999).flatmap(lambda n: st.sampled_from([f"{n:09}{d}" for d in "0123456789X"])),
    st.integers(9_780_000_000_000, 9_799_999_999_999).map(str),
    st.integers(9_780_000_000_000, 9_799_999_999_999).map(
        lambda n: f"{str(n)[:3]}-4-{str(n)[4:8]}-{str(n)[8:12]}-{str(n)[12]}"
    ),
    texts,
)


@given(st.lists(texts, max_size=8))
def test_match_key(values):
    assert normalise.match_key(pl.Series(values, dtype=pl.String)).to_list() == [
        normalise.match_key_of(v) for v in values
    ]


ITEM = {
    "item_id": st.one_of(texts, numbers),
    "bib_id": texts,
    "branch": texts,
    "location": st.sampled_from(["開架", "書庫", "open", "奥", "", "調査相談 "]),
    "accession_date": st.one_of(days, numbers),
    "price": numbers,
    "status": st.sampled_from(["在架", "貸出中", "missing", "?", "", "不明"]),
    "unrecoverable": st.sampled_from(["1", "0", "", "○", "?"]),
    "loans_total": numbers,
    "last_loan_date": st.one_of(days, st.sampled_from(["1/1/00", "0000-00-00", "1900/01/01", "9999-12-31", ""])),
}
BIB = {
    "bib_id": texts,
    "title": texts,
    "pub_year": st.one_of(numbers, days, st.sampled_from(["2019", "1e03", "0999", "[19--]", "昭和22 [1947]"])),
    "isbn": isbn_like,
    "ndc": st.one_of(numbers, st.sampled_from(["NDC9:913.6", "K913", "E", "007", "KH612", "19.5", "913.6;NDC8:913"])),
    "price": numbers,
}


def _naive(kind: str, row: dict) -> dict:
    """The staged row of one row of texts, by the plain functions alone."""
    made = dict.fromkeys(readers.STAGED[kind])
    never = False
    for field, text in row.items():
        about = words.table("fields")[kind][field]
        values, _ = readers.reader(about, False)(text) if text else ((None,) * 9, None)
        for column, value in zip(readers.outputs(kind, field, about), values, strict=False):
            if column == "never":
                never = never or (field == "last_loan_date" and bool(value))
            else:
                made[column] = value
        if field in ("isbn", "pub_year"):
            made[{"isbn": "isbn_text", "pub_year": "pub_year_text"}[field]] = normalise.text_of(text)
    if kind == "items":
        made["never_lent"] = never or made["loans_total"] == 0
    missing = [field for field in words.table("fields")[kind] if words.table("fields")[kind][field].get("required")]
    made["reason"] = next((f"blank_{field}" for field in missing if made[field] is None), None)
    return made


def _build(kind: str, rows: list[dict], sample: int | None) -> list[dict]:
    frame = pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.String)).with_columns(
        pl.when(pl.all() != "").then(pl.all())
    )
    with connect() as connection:
        connection.register("given", frame)
        connection.register("part", frame.head(sample or 0))
        texts_of = {field: field for field in rows[0]}
        typed.build(connection, kind, texts_of, "given", "made", "part" if sample is not None else None)
        found = connection.sql("SELECT * FROM made").pl()
    return found.select("reason", *readers.STAGED[kind]).to_dicts()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(ITEM), min_size=1, max_size=12), st.sampled_from([None, 0, 2]))
def test_items(rows, sample):
    assert _build("items", rows, sample) == [_naive("items", row) for row in rows]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.fixed_dictionaries(BIB), min_size=1, max_size=12), st.sampled_from([None, 0, 2]))
def test_bibs(rows, sample):
    assert _build("bibs", rows, sample) == [_naive("bibs", row) for row in rows]
