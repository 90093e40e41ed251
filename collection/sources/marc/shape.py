"""Columns of texts found in MARC records → the fields of a bib as texts, ready for normalising. Set-based."""

import polars as pl

SPACES = "\t\n\x0b\x0c\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
ISBD_END = SPACES + ",:;/="
AREAS = ("title", "title_kana", "series", "author", "publisher", "edition", "isbn", "pub_year")
PLAIN = ("bib_id", "volume", "ndc", "ndlc", "ddc", "subjects")
YEAR = "1[0-9]{3}|20[0-9]{2}"
CODED_YEAR = r"^.{7}([12][0-9]{3})"
AUDIENCES = {"a": "child", "b": "child", "c": "child", "j": "child", "d": "young", "e": "general", "g": "general"}
ITEM_FORMS = {"d": "large_print", "f": "braille"}  # 008/23
PRINT_FORMS = {"tb": "large_print", "tc": "braille", "fb": "braille"}  # 007/00-01
DAISY, DVD = r"(?i)daisy|デイジー", r"(?i)dvd|blu-?ray|ブルーレイ|ビデオディスク|videodis"
TAPE, VIDEO = r"(?i)カセット|cassette|録音テープ", r"(?i)ビデオ|video|vhs"
DISC = r"(?i)\bCD|コンパクトディスク|録音ディスク|sound dis|audio dis|compact dis"


def bib_fields(rows: pl.DataFrame) -> pl.DataFrame:
    """The columns of rules.COLUMNS ("" for nothing) as text fields of a bib (NULL for nothing), with line and reason.

    Beside pub_year, the imprint as it stands, there are `plain_year`, the year alone where it tells one in figures, and
    `coded_year` (008/07-10) for records whose imprint tells none.
    """
    rows = _trimmed(rows)
    rows = rows.with_columns(plain_year=_plain_years(rows["pub_year"]))
    said = {name: _given(name) for name in rows.columns}
    coded = rows.with_columns(
        form=pl.col("leader").str.slice(6, 1),
        level=pl.col("leader").str.slice(7, 1),
        item_form=pl.col("f008").str.slice(23, 1),
        ccode=pl.col("ean").str.extract(r"(?:^|;)\s*192-?([0-9]{4})[0-9]{5}[0-9]"),
    )
    return coded.select(
        "line",
        "reason",
        bib_id=said["bib_id"],
        title=said["title"],
        title_kana=said["title_kana"],
        volume=said["volume"],
        series=said["series"],
        author=said["author"],
        publisher=pl.when(~pl.col("publisher").str.contains(r"(?i)^\[?s\. ?n")).then(said["publisher"]),
        pub_year=said["pub_year"],
        plain_year=said["plain_year"],
        coded_year=pl.col("f008").str.extract(CODED_YEAR),
        edition=said["edition"],
        isbn=said["isbn"],
        c_code=pl.coalesce(pl.col("price").str.extract(r"\bC([0-9]{4})\b"), pl.col("ccode")),
        ndc=said["ndc"],
        ndlc=said["ndlc"],
        ddc=said["ddc"],
        audience=_audience(),
        material=_material(),
        language=_language(),
        price=_yen(),
        subjects=said["subjects"],
        local=pl.lit(None, dtype=pl.String),
    )


def _trimmed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without spaces around their texts; areas also without the punctuation that ISBD puts at their end, and
    without a lone full stop there. One step after another: polars would work out a nested step once for each use."""
    bare = rows.with_columns(pl.col(AREAS).str.strip_chars_end(ISBD_END), pl.col(PLAIN).str.strip_chars())
    stopped = [pl.col(name).str.ends_with(".") & ~pl.col(name).str.ends_with("..") for name in AREAS]
    open_ended = [pl.col(name).str.strip_suffix(".").str.strip_chars_end(ISBD_END) for name in AREAS]
    ends = [
        pl.when(stop & (pl.col(name) != ".")).then(text).otherwise(name).alias(name)
        for name, stop, text in zip(AREAS, stopped, open_ended, strict=True)
    ]
    return bare.with_columns(ends).with_columns(pl.col(AREAS).str.strip_chars_start(SPACES))


def _given(name: str) -> pl.Expr:
    """The text, NULL when it is blank."""
    return pl.when(pl.col(name) != "").then(name).alias(name)


def _plain_years(imprints: pl.Series) -> pl.Series:
    """1999 for 1999, c1999, [1999] and 平成 11 [1999]: what needs no further reading; else the text as it is.

    Worked out once for each distinct imprint.
    """
    distinct = imprints.unique()
    return imprints.replace_strict(distinct, distinct.to_frame("pub_year").select(_plain_year()).to_series())


def _plain_year() -> pl.Expr:
    text = pl.col("pub_year")
    alone = text.str.extract(rf"^\PN*({YEAR})\PN*$")
    behind_era = text.str.extract(rf"^\PN*[0-9]{{1,2}}\PN*\[({YEAR})\]$")
    return pl.when(text.str.contains("不明|不詳|未詳")).then(text).otherwise(pl.coalesce(alone, behind_era, text))


def _is_text() -> pl.Expr:
    return pl.col("form").is_in(["a", "t"]) & ~pl.col("level").is_in(["b", "i", "s"])


def _audience() -> pl.Expr:
    """008/22, where this form of material has it; serials and maps say something else there."""
    has_it = _is_text() | pl.col("form").is_in(list("cdgijkmor"))
    mark = pl.col("f008").str.slice(22, 1)
    return pl.when(has_it).then(mark.replace_strict(AUDIENCES, default=None, return_dtype=pl.String))


def _material() -> pl.Expr:
    """From leader/06-07, 007, 008/18 21 23-27 and, for what is played, the words of 300; NULL for an unknown form."""
    form, level, words = pl.col("form"), pl.col("level"), pl.col("physical")
    print_007 = pl.concat_str(pl.lit("|"), pl.col("f007")).str.extract(r"\|([tf].)")
    film_007 = pl.concat_str(pl.lit("|"), pl.col("f007")).str.extract(r"\|(v.)")
    sound_007 = pl.concat_str(pl.lit("|"), pl.col("f007")).str.extract(r"\|(s.)")
    serial_kind, often = pl.col("f008").str.slice(21, 1), pl.col("f008").str.slice(18, 1)
    yearbook = pl.when(_is_text() & pl.col("f008").str.slice(24, 4).str.contains("y")).then(pl.lit("yearbook"))
    print_form = pl.coalesce(
        print_007.replace_strict(PRINT_FORMS, default=None, return_dtype=pl.String),
        pl.col("item_form").replace_strict(ITEM_FORMS, default=None, return_dtype=pl.String),
    )
    sound = (
        pl.when(words.str.contains(DAISY))
        .then(pl.lit("daisy"))
        .when((sound_007 == "ss") | (sound_007.is_null() & words.str.contains(TAPE)))
        .then(pl.lit("cassette"))
        .when((sound_007 == "sd") | (sound_007.is_null() & words.str.contains(DISC)))
        .then(pl.lit("cd"))
        .otherwise(pl.lit("other"))
    )
    film = (
        pl.when((film_007 == "vd") | (film_007.is_null() & words.str.contains(DVD)))
        .then(pl.lit("dvd"))
        .when((film_007 == "vf") | (film_007.is_null() & words.str.contains(VIDEO)))
        .then(pl.lit("video"))
        .when(words.str.contains("紙芝居|(?i)kamishibai"))
        .then(pl.lit("kamishibai"))
        .otherwise(pl.lit("other"))
    )
    serial = (
        pl.when(serial_kind == "n")
        .then(pl.lit("newspaper"))
        .when(often == "a")
        .then(pl.lit("yearbook"))
        .otherwise(pl.lit("periodical"))
    )
    return (
        pl.when(form.is_in(["c", "d"]))
        .then(pl.lit("score"))
        .when(form.is_in(["e", "f"]))
        .then(pl.lit("map"))
        .when(form.is_in(["i", "j"]))
        .then(sound)
        .when(form.is_in(["g", "k", "o"]))
        .then(film)
        .when(form.is_in(["m", "p", "r"]))
        .then(pl.lit("other"))
        .when(form.is_in(["a", "t"]) & level.is_in(["b", "s"]))
        .then(pl.coalesce(print_form, serial))
        .when(form.is_in(["a", "t"]))
        .then(pl.coalesce(print_form, yearbook, pl.lit("book")))
    )


def _language() -> pl.Expr:
    """008/35-37, else the first of 041 $a (older records run several together)."""
    coded = pl.col("f008").str.slice(35, 3).str.to_lowercase()
    first = pl.col("language").str.slice(0, 3).str.to_lowercase()
    known = r"^[a-z]{3}$"
    unsaid = ["und", "mul", "zxx"]
    return pl.coalesce(
        pl.when(coded.str.contains(known) & ~coded.is_in(unsaid)).then(coded),
        pl.when(first.str.contains(known) & ~first.is_in(unsaid)).then(first),
    )


def _yen() -> pl.Expr:
    """The price of 020 $c where it is in yen: 2667円, Y25000, ¥2,667; else that of a book barcode (192 …)."""
    digits = pl.col("price").str.normalize("NFKC").str.replace_all(",", "", literal=True)
    said = pl.coalesce(digits.str.extract(r"([0-9]+) ?円"), digits.str.extract(r"(?:Y|¥|\\|JPY) ?([0-9]+)"))
    barcode = pl.col("ean").str.extract(r"(?:^|;)\s*192-?[0-9]{4}([0-9]{5})[0-9]").str.strip_chars_start("0")
    return pl.coalesce(said, pl.when(barcode != "").then(barcode))
