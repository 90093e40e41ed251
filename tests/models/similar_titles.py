"""Snapshots of titles for the tests of similar titles, and their naive twin: TF-IDF pair by pair in plain Python."""

import math
import re
from datetime import date
from itertools import groupby
from os.path import commonprefix
from pathlib import Path

import polars as pl
from rapidfuzz import fuzz

from collection.sources.normalise import match_key
from collection.sources.normalise.keys import match_key_of, variants
from collection.store import snapshots
from collection.store.connection import connect, sql
from models.similar import pairs, shown, texts

FIELDS = ("title", "title_kana", "series", "subjects", "ndc", "class_mark")
COUNTS = {"title": 1.0, "subjects": 1.0, "series": 0.3, "title_kana": 0.3}


def write(store: Path, titles: list[dict], day: date = date(2025, 4, 1), mark: str = "0") -> Path:
    """A snapshot of records (bib_id and FIELDS), one item each."""
    rows = [{name: title.get(name) for name in ("bib_id", *FIELDS)} for title in titles]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("bib_id", *FIELDS), pl.String)).sort("bib_id")
    frame = frame.with_row_index("bib_no").with_columns(
        title_key=match_key(frame["title"]), work_no="bib_no", unit_no="bib_no"
    )
    snapshot = snapshots.path(store, day, mark * 12)
    snapshot.parent.mkdir(parents=True, exist_ok=True)
    with connect(snapshot) as connection:
        connection.execute(sql("schema/snapshot"))
        connection.execute("INSERT INTO meta VALUES (?, ?, NULL, NULL)", [day, mark * 12])
        connection.register("rows", frame.to_arrow())
        connection.execute("INSERT INTO bib BY NAME SELECT * FROM rows")
    return snapshot


def neighbours(index: Path, table: str = "neighbour") -> dict[tuple[int, int], dict]:
    """The pairs of an index by their numbers."""
    with connect(index, read_only=True) as connection:
        rows = connection.sql(f"SELECT * FROM {table}").pl().to_dicts()
    return {(row["bib_no"], row["other_no"]): row for row in rows}


def naive_pairs(titles: list[dict]) -> dict[tuple[int, int], tuple[float, str | None, str]]:
    """(one, other) → score, shared words or None, class: of titles in the order of their numbers, with no cap on how many."""
    held = [_grams(title) for title in titles]
    counted = [title for title in titles if _block(title)]
    rows = [grams for grams, title in zip(held, titles, strict=True) if _block(title)]
    holding = {gram: sum(gram in row for row in rows) for row in rows for gram in row}
    idf = {gram: 1 + math.log((1 + len(counted)) / (1 + n)) for gram, n in holding.items()}
    vectors = []
    for row in held:
        vector = {gram: count * idf.get(gram, 0) for gram, count in row.items()}
        length = math.sqrt(sum(value**2 for value in vector.values())) or 1
        vectors.append({gram: value / length for gram, value in vector.items()})
    found = {}
    for one, a in enumerate(titles):
        for other, b in enumerate(titles):
            if one == other or _block(a) is None or _block(a) != _block(b):
                continue
            first, second = a["ndc"] or a["class_mark"], b["ndc"] or b["class_mark"]
            digits = first[4:5], second[4:5]
            if all(digit.isdigit() for digit in digits) and digits[0] != digits[1]:
                continue
            score = sum(value * vectors[other].get(gram, 0) for gram, value in vectors[one].items())
            score -= 0.1 * (first != second)
            if score >= pairs.LOW:
                found[one, other] = score, _shared(a, b), commonprefix([first, second]).rstrip(".")
    return found


def _block(title: dict) -> str | None:
    return title["ndc"][:3] if title.get("ndc") and len(title["ndc"]) >= 3 else title.get("class_mark")


def _runs(text: str | None) -> list[str]:
    """Stretches of one script, character by character."""
    folded = "".join(variants().get(mark, mark) for mark in _nfkc(text or "").lower())
    kept = []
    for kind, run in groupby(_joined(folded), key=lambda pair: pair[1]):
        run = "".join(mark for mark, _ in run)
        if kind == "han" or (kind == "kata" and len(run) > 1) or (kind == "hira" and len(run) > 2):
            kept.append(run)
        elif kind == "latin":
            kept += re.findall("[a-z][a-z0-9+#]*", run)
    return kept


def _joined(text: str) -> list[tuple[str, str | None]]:
    """Each character with its script; a long vowel has that of what stands before it."""
    found = []
    for mark in text:
        kind = None
        if "一" <= mark <= "鿿" or mark in "々ヶ":
            kind = "han"
        elif mark == "ー":
            kind = found[-1][1] if found and found[-1][1] in ("kata", "hira") else "kata"
        elif "ァ" <= mark <= "ヺ":
            kind = "kata"
        elif "ぁ" <= mark <= "ゖ":
            kind = "hira"
        elif mark.isascii() and (mark.isalnum() or mark in "+#"):
            kind = "latin"
        found.append((mark, kind))
    return found


def _nfkc(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKC", text)


def _spoken(title: dict, field: str) -> list[str]:
    text = title.get(field)
    runs = _runs(text)
    if field == "subjects":
        runs += ["=" + part.strip() for part in (text or "").lower().split(";") if part.strip()]
    return runs


def _grams(title: dict) -> dict[str, float]:
    """Gram → what it counts in a title, at most 1; idf left aside."""
    found = {}
    for field, count in COUNTS.items():
        for run in set(_spoken(title, field)):
            for gram, weight in texts.grams(run).items():
                found[gram] = found.get(gram, 0) + count * weight
    return {gram: min(1.0, count) for gram, count in found.items()}


def _shared(a: dict, b: dict) -> str | None:
    """The words both share, none part of another, common ones left out; None when the names are not alike at all."""
    words = [
        {word for field in ("title", "subjects") for run in _spoken(title, field) for word in texts.words(run)}
        for title in (a, b)
    ]
    both = words[0] & words[1]
    longest = [word for word in both if not any(word != other and word in other for other in both)]
    telling = [w for w in longest if not texts.common().fullmatch(w) and not texts.NUMERAL.fullmatch(w)]
    alike = fuzz.ratio(match_key_of(a["title"]), match_key_of(b["title"])) >= shown.LIKENESS
    return ";".join(sorted(telling)) if telling and alike else None
