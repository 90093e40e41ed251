"""What titles are matched by, instead of the texts themselves: the same for records and for what is asked.

Besides what match keys fold (width, case, old forms, marks), kana of any kind and any mark of a long vowel are alike here,
and subtitle, volume and words of edition are told from the title.
"""

import polars as pl

from collection import works
from collection.sources.normalise import match_key
from collection.sources.normalise.keys import KANA

TEXTS = ("title", "title_kana", "author", "publisher", "volume", "edition")
FOLDED = ("whole", "body", "head", "reading", "reading_head", "volume", "translator", "publisher")
EDITION = ("edition_number", "revised", "edition_year")
KEYS = (*FOLDED, "isbn", "form", "pub_year", *EDITION, "names")
BETWEEN, BETWEEN_NAMES = "\x1f", "\x1e"  # in packed keys
SHORT = 6  # letters of a short title
OTHER_FORMS = (*works.OTHER_FORMS, *works.SERIALS)
SMALL = dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
HIRAGANA = {chr(code + 0x60): SMALL.get(chr(code), chr(code)) for code in range(ord("ぁ"), ord("ゖ") + 1)}
ONE_KANA = HIRAGANA | SMALL | {"ー": ""}
LONG_VOWEL = (  # as one more vowel: とうきょう for トーキョー
    "([あかがさざただなはばぱまやらわ])あ|([いきぎしじちぢにひびぴみり])い|([うくぐすずつづぬふぶぷむゆる])う"
    "|([えけげせぜてでねへべぺめれ])[いえ]|([おこごそぞとどのほぼぽもよろを])[うお]"
)
OF_EDITIONS = ["版", "訂", "増補"]  # no word of an edition is without one of these
NUMERALS = {
    "I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6", "VII": "7", "VIII": "8", "IX": "9", "X": "10",
    "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "十": "10", "十一": "11", "十二": "12",
}  # fmt: skip
NUMBER = r"([0-9]{1,4}|[IVX]{1,4}|[一二三四五六七八九十]{1,2}|[上中下前後])"
OF_TITLE = NUMBER.replace("{1,4}|[I", "{1,3}|[I")  # in a title a number of four digits is a year
VOLUMES = (
    rf"[\s(\[〈《「『【]*(?:第|巻の|巻|その|其の|(?i:vol|no|book|part)\.?\s?){OF_TITLE}(?:巻|冊|集|編|篇|部|号)?",
    rf"[\s(\[〈《「『【]+{OF_TITLE}(?:巻|冊|集|編|篇|部)?",
    r"([0-9]{1,3})(?:巻|冊)",
    r"([上中下前後])(?:巻|冊|集|編|篇)",
)
VOLUME = rf"(?:{'|'.join(VOLUMES)})[\s)\]〉》」』】]*(?P<rest>$|\s*[:=;~〜(|]|\s[-—―])"
MARK = "\ue001"  # stands where a subtitle begins
SUBTITLE = rf"\s*[:=;~〜()|／/]+\s*|\s[-‐‑‒–—―−]+\s?|[—―─]{{2,}}|(?P<before>[^{KANA}])[—―─]|[—―─](?P<behind>\p{{Han}})"
FAMILY_FIRST = r"(^|[;／/]\s*)(\p{Han}{1,3}),\s?([\p{Han}ぁ-ゖァ-ヺ]{1,4})(\s*(?:$|[;,／/]))"  # 田島, 和生
NOT_A_NAME = r"[0-9]{4}-(?:[0-9]{4})?|\[?ほか[0-9]*名?\]?|[\[\]]"
TRANSLATED = r"\s*(?:共訳|新訳|訳|譯|やく)\s*$"
NOBODY = r"者不明|^\[?[sS]\.\s?[nN]\."


def keys(titles: pl.DataFrame) -> pl.DataFrame:
    """The keys of titles.

    Args:
        titles: TEXTS, isbn, material (strings), pub_year; other columns stay.

    Returns:
        the other columns and KEYS: whole (title and volume), body (title without volume), head (body without subtitle), reading
        and reading_head (the same of the reading), volume (2, 上), translator, publisher, isbn, form (book, or the material
        of another form), pub_year, edition_number, revised (0: not), edition_year, names (whom the author field names).
    """
    said = titles.with_columns(pl.col(TEXTS).fill_null("").str.normalize("NFKC").str.strip_chars())
    said = said.with_columns(_without_edition(said))
    said = said.with_columns(
        bare=pl.col("title").str.replace(VOLUME, "$rest"), reading=pl.col("title_kana").str.replace(VOLUME, "$rest")
    )
    said = said.with_columns(
        whole=pl.concat_str("title", pl.lit(" "), "volume"),
        body=pl.when((pl.col("volume") != "") | (pl.col("bare") != pl.col("title"))).then("bare"),
        head=_head("bare"),
        reading_head=_head("reading"),
        volume=_volume(),
        form=pl.when(pl.col("material").is_in(OTHER_FORMS)).then("material").otherwise(pl.lit("book")),
        translator=pl.col("author").str.extract(works.TRANSLATOR, 1),
        publisher=pl.when(~pl.col("publisher").str.contains(NOBODY)).then("publisher"),
    )
    authors = _names(said["author"])
    texts = folded(pl.concat([*(said[name] for name in FOLDED), authors["name"]])).replace(
        "", None
    )  # once: it begins slowly
    keyed = said.with_columns(texts.slice(at * len(said), len(said)).alias(name) for at, name in enumerate(FOLDED))
    authors = authors.with_columns(name=texts.tail(len(authors))).drop_nulls().unique(maintain_order=True)
    names = authors.group_by("author").agg(names="name")
    body = pl.coalesce("body", "whole")
    head = pl.when(pl.col("head").str.len_chars() > 1).then("head")
    others = [name for name in titles.columns if name not in (*TEXTS, *KEYS, "material")]
    keyed = keyed.join(names, on="author", how="left", maintain_order="left").with_columns(
        body=body,
        head=pl.coalesce(head, body),
        reading_head=pl.coalesce("reading_head", "reading"),
        names=pl.col("names").fill_null([]),
    )
    return keyed.select(*others, *KEYS)


def tokens(keyed: pl.DataFrame, asked: bool = False) -> pl.DataFrame:
    """By what titles are found: no, token (a hash), whole (whether it is a whole key or ISBN, not a pair of letters or a name).

    Pairs are the neighbouring letters of title and reading, as often as they stand there; of a short title that is asked
    for also those with a letter between them, so that two in the wrong place leave something to go by.

    Args:
        keyed: KEYS, and no as their number.
    """
    texts = pl.concat([keyed.select("no", text=name) for name in ("body", "reading")]).drop_nulls()
    letters = texts.with_row_index("text_no").with_columns(pl.col("text").str.split("")).explode("text")
    found = [_pairs(letters, 1)]
    if asked:
        found.append(_pairs(letters.filter(pl.len().over("text_no") <= SHORT), 2))
    found.append(keyed.select("no", text="names").explode("text").with_columns(text="by " + pl.col("text")))
    shorter = {"body": "whole", "head": "body", "reading_head": "reading"}
    whole = [keyed.filter(pl.col(name).ne_missing(pl.col(of))).select("no", text=name) for name, of in shorter.items()]
    whole += [keyed.select("no", text=name) for name in ("whole", "reading", "isbn")]
    texts = pl.concat(
        [
            pl.concat(found).with_columns(whole=False),
            pl.concat(whole).with_columns(text="=" + pl.col("text"), whole=True),
        ]
    )
    return texts.drop_nulls().select("no", "whole", token=pl.col("text").hash())


def _pairs(letters: pl.DataFrame, step: int) -> pl.DataFrame:
    """no, text: each letter and the one so many behind it in its text."""
    same = pl.col("text_no") == pl.col("text_no").shift(-step)
    return letters.select("no", text=pl.when(same).then(pl.col("text") + pl.col("text").shift(-step)))


def packed(keyed: pl.DataFrame) -> pl.DataFrame:
    """The other columns, and KEYS as one text: single records are fetched from all over a table, and each column costs."""
    said = (pl.col(name).cast(pl.String).fill_null("") for name in KEYS[:-1])
    text = pl.concat_str(*said, pl.col("names").list.join(BETWEEN_NAMES), separator=BETWEEN)
    return keyed.select(pl.exclude(KEYS), keys=text)


def unpacked(rows: pl.DataFrame) -> pl.DataFrame:
    """The other columns of `packed`, and KEYS."""
    fields = pl.col("keys").str.split_exact(BETWEEN, len(KEYS) - 1).struct.rename_fields(KEYS)
    told = rows.with_columns(fields).unnest("keys").with_columns(pl.col(KEYS).replace("", None))
    return told.with_columns(
        pl.col("pub_year", *EDITION).cast(pl.Int32), pl.col("names").str.split(BETWEEN_NAMES).fill_null([])
    )


def folded(texts: pl.Series) -> pl.Series:
    """Match keys with kana of any kind and length made alike."""
    return match_key(texts).str.replace_many(ONE_KANA).str.replace_all(LONG_VOWEL, "$1$2$3$4$5")


def _without_edition(said: pl.DataFrame) -> pl.DataFrame:
    """title without words of an edition, and edition_number, revised, edition_year as title and edition say it."""
    every = said.select("title", "edition").with_row_index("place")
    spoken = every.filter(pl.concat_str("title", "edition").str.contains_any(OF_EDITIONS))
    edition = works.edition_of(pl.concat_str("title", pl.lit(" "), "edition"))
    spoken = spoken.select("place", *edition, bare=works.without_edition(pl.col("title")))
    found = every.join(spoken, on="place", how="left", maintain_order="left")
    bare = pl.coalesce("bare", "title")
    return found.select("edition_number", pl.col("revised").fill_null(0), "edition_year", title=bare)


def _volume() -> pl.Expr:
    """The volume that its own field tells, else the end of the title or of what stands before a subtitle."""
    said = pl.when(pl.col("volume") != "").then("volume")
    in_title = (pl.col("title").str.extract(VOLUME, group + 1) for group in range(len(VOLUMES)))
    return pl.coalesce(said.str.extract(NUMBER), said, *in_title).replace(NUMERALS)


def _head(title: str) -> pl.Expr:
    """A title without what follows the first mark of a subtitle; null when nothing does."""
    marked = pl.col(title).str.replace_all(SUBTITLE, f"$before{MARK}$behind")
    return pl.when(marked.str.contains(MARK, literal=True)).then(marked.str.extract(f"([^{MARK}]+)"))


def _names(authors: pl.Series) -> pl.DataFrame:
    """author, name: those that each author field names, without what they did and when they lived."""
    apart = authors.alias("author").unique().to_frame().with_columns(
        name=pl.col("author").str.replace_all(NOT_A_NAME, "").str.replace_all(FAMILY_FIRST, "$1$2$3$4")
        .str.replace_all("[;,、|／/]", "\n").str.split("\n")
    )  # fmt: skip
    name = pl.col("name").str.strip_chars().str.replace(TRANSLATED, "").str.replace(works.ROLE, "")
    return apart.explode("name").with_columns(name)
