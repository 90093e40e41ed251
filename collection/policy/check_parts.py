"""Checks of the pack's common files: policy, operating, terms, classes, score, lists, clues, capacity."""

from datetime import date

from collection.policy.known import csv_rows, expression, line, names, parameters, scope, terms, value_problems
from collection.policy.model import SCORE_PARTS
from collection.policy.pack import Pack, Place, Source
from collection.policy.suggest import nearest
from collection.sources.normalise import match_key_of
from collection.words import Problem

NEEDED_PARAMETERS = (
    "不明の起算", "複本1冊の年間貸出", "委員会の定足数", "受け持つ委員の数", "委員会の賛成割合",
    "偏りの有意水準", "偏りの最少冊数", "照会の回答日数", "平均の厚さ", "充填率の下限", "充填率の上限", "受入見込の年数",
    "鮮度を比べる最少冊数", "一人の著者の割合の目安", "一つの出版者の割合の目安", "一つの叢書の割合の目安",
    "集中をみる最少タイトル数", "複本1冊の予約", "よく借りられる貸出", "各館に揃える名簿",
    "ゆかりの著者の名簿", "利用だけの無利用年数",
    "弱い手がかりが揃う数", "同じ本とみる点数", "断った寄贈の扱い",
    "本を置く館の利用", "館の利用を比べる冊数", "リクエスト1件の優先点", "予約1件の優先点", "買替の優先点", "不足する類の優先点",
    "納品が蔵書に載るまでの日数", "挙げる本の出版からの年数", "類ごとに挙げる本",
)  # fmt: skip
INVENTORIES = "蔵書点検を終えた日"  # may be left out: then nobody knows how many a missing item has seen
CHOICES = {  # values that the product knows, whatever choices a pack offers
    "不明の起算": ("年度末", "年度始", "確認日"),
    "断った寄贈の扱い": ("返却する", "譲渡する", "処分する"),
}
LIST_COLUMNS = {"書名": "title", "著者名": "author", "出版者": "publisher", "ISBN": "isbn", "備考": "note"}
CLUE_FIELDS = {"書名": "title", "叢書名": "series", "著者名": "author", "出版者": "publisher", "件名": "subjects"}
WORD_FIELDS = {name: CLUE_FIELDS[name] for name in ("書名", "叢書名", "著者名", "出版者")} | {"版表示": "edition"}
CAPACITY_COLUMNS = ("所蔵館", "開架", "書庫")


def check_parts(pack: Pack) -> None:
    """Add every mistake of the common files to pack.problems."""
    for part, look in (
        ("policy", _policy),
        ("operating", _operating),
        ("terms", _terms),
        ("classes", _classes),
        ("score", _score),
        ("clues", _clues),
        ("word_groups", _word_groups),
        ("adopted", _adopted),
    ):
        if pack.data(part):
            look(pack, pack.parts[part])
    if (pack.folder / "capacity.csv").exists():
        _capacity(pack)


def _policy(pack: Pack, source: Source) -> None:
    data = source.data
    if "name" in data and data["name"] != pack.folder.resolve().name:
        pack.wrong("pack_name", Place(source, "name"), name=data["name"], folder=pack.folder.resolve().name)
    prefixes = {}
    for document, said in data["documents"].items():
        if prefixes.setdefault(said["prefix"], document) != document:
            pack.wrong("prefix_twice", Place(source, document), name=document, prefix=said["prefix"])
    if "clauses" in data and not (pack.folder / data["clauses"]).is_file():
        pack.wrong("no_named_file", Place(source, "clauses"), name=data["clauses"])
    for name, said in data["lists"].items():
        _list(pack, source, name, said)


def _list(pack: Pack, source: Source, name: str, said: dict) -> None:
    path = pack.folder / said["file"]
    if not path.is_file():
        pack.wrong("no_named_file", Place(source, name), name=said["file"])
        return
    rows = csv_rows(pack, path) or []
    for column in (set(rows[0]) if rows else set()) - {*LIST_COLUMNS, ""}:
        pack.wrong("list_column", Place(said["file"]), name=column, columns="、".join(LIST_COLUMNS))
    for row in rows:
        if not any(row.get(column) for column in LIST_COLUMNS if column != "備考"):
            pack.wrong("list_row", line(said["file"], row[""]))


def _operating(pack: Pack, source: Source) -> None:
    names(pack, source, source.data, ())
    for name, said in source.data.items():
        choices = CHOICES.get(name) or said.get("choices")
        if choices and "value" in said and said["value"] not in choices:
            shown = "、".join(map(str, choices))
            pack.wrong("choice", Place(source, name), name=name, value=said["value"], choices=shown)
        value_problems(pack, source, {name: said["value"]} if "value" in said else {})
    if any(type(day) is not date for day in _listed(source.data.get(INVENTORIES, {}))):
        pack.wrong("inventory_days", Place(source, INVENTORIES), name=INVENTORIES)
    for name in NEEDED_PARAMETERS:
        if name not in source.data:
            pack.wrong("parameter_missing", Place(source), name=name)


def _listed(said: dict) -> list:
    value = said.get("value", [])
    return value if isinstance(value, list) else [value]


def _terms(pack: Pack, source: Source) -> None:
    taken = list(pack.data("operating"))
    above: dict[str, str] = {}
    for name, said in source.data.items():
        operating = said.get("operating", {})
        names(pack, source, [name], taken)
        names(pack, source, operating, [*taken, *source.data])
        value_problems(pack, source, operating)
        taken += operating
        if "when" in said:
            expression(pack, Place(source, name), name, said["when"], {**scope(pack), "terms": dict(above)}, "any")
            above[name] = said["when"]


def _classes(pack: Pack, source: Source) -> None:
    seen = set()
    for entry in source.data["class"]:
        where, prefix = _class_place(source, entry), entry.get("prefix")
        if prefix in seen:
            pack.wrong("class_twice", where, prefix=prefix)
        seen.add(prefix)
        for key in ("idle_years", "shelf_life"):
            if entry.get(key, 0) < 0:
                pack.wrong("negative_years", where, name=key, value=entry[key])
    if "" not in seen:
        pack.wrong("class_default", Place(source))


def _adopted(pack: Pack, source: Source) -> None:
    """Values that a library adopted must be numbers that the pack has."""
    known = {name for name, value in parameters(pack).items() if type(value) in (int, float)}
    prefixes = {entry.get("prefix") for entry in pack.data("classes").get("class", [])}
    for name in source.data["values"]:
        if name not in known:
            pack.wrong("unknown_key", Place(source, name), name=name, nearest=nearest(name, known))
    value_problems(pack, source, source.data["values"])
    for prefix, said in source.data["classes"].items():
        if prefix not in prefixes:
            pack.wrong("unknown_key", Place(source, prefix), name=prefix, nearest=nearest(prefix, prefixes))
        for key, value in said.items():
            if value < 0:
                pack.wrong("negative_years", Place(source, key), name=key, value=value)


def _class_place(source: Source, entry: dict) -> Problem:
    """The line of an entry's prefix; the last one that bears it, so that a second entry is shown, not the first."""
    wanted = f'"{entry.get("prefix")}"'
    found = [number for number, text in enumerate(source.text.splitlines(), 1) if "prefix" in text and wanted in text]
    return line(source.name, found[-1]) if found else Place(source)


def _score(pack: Pack, source: Source) -> None:
    for name in source.data:
        if name not in SCORE_PARTS:
            pack.wrong("unknown_key", Place(source, name), name=name, nearest=nearest(name, SCORE_PARTS))
    parts = {name: source.data[name] for name in SCORE_PARTS if name in source.data}
    for name in SCORE_PARTS:
        if name not in parts:
            pack.wrong("score_part", Place(source), name=name)
    for name, said in parts.items():
        names(pack, source, said.get("operating", {}), [*parameters(pack), *terms(pack)])
        value_problems(pack, source, said.get("operating", {}))
        if "formula" in said:
            _formula(pack, Place(source, name), name, said)
        if not 0 <= said.get("unknown", 0) <= 100 or said.get("weight", 0) < 0:
            pack.wrong("score_range", Place(source, name), name=name)
    weights = [said["weight"] for said in parts.values() if "weight" in said]
    if len(weights) == len(SCORE_PARTS) and abs(sum(weights) - 100) > 1e-9:
        pack.wrong("score_sum", Place(source), total=sum(weights))


def _formula(pack: Pack, where: Problem, name: str, said: dict) -> None:
    known = scope(pack, said.get("operating"))
    formula = said["formula"]
    if isinstance(formula, str):
        expression(pack, where, name, formula, known, "number")
        return
    if "else" not in formula:
        pack.wrong("no_else", where, name=name)
    for condition, result in formula.items():
        if condition != "else":
            expression(pack, where, name, condition, known)
        expression(pack, where, name, result, known, "number")


def _clues(pack: Pack, source: Source) -> None:
    for entry in source.data["clue"]:
        if ("classes" in entry) == ("words" in entry) or ("words" in entry) != ("fields" in entry):
            pack.wrong("clue_form", Place(source, "clue"))
        for name in entry.get("fields", []):
            if name not in CLUE_FIELDS:
                pack.wrong("clue_field", Place(source, "fields"), name=name, columns="、".join(CLUE_FIELDS))


def _word_groups(pack: Pack, source: Source) -> None:
    for name, said in source.data.items():
        if ";" in name:
            pack.wrong("word_group_form", Place(source, name), name=name)
        for field in said.get("fields", []):
            if field not in WORD_FIELDS:
                pack.wrong("clue_field", Place(source, name), name=field, columns="、".join(WORD_FIELDS))
        for word in [*said.get("words", []), *said.get("except", [])]:
            if not match_key_of(word):
                pack.wrong("word_group_word", Place(source, name), name=name, word=word)


def _capacity(pack: Pack) -> None:
    rows = csv_rows(pack, pack.folder / "capacity.csv") or []
    for row in rows:
        if any(column not in row for column in CAPACITY_COLUMNS) or not (row["開架"] + row["書庫"]).isdigit():
            pack.wrong("capacity_row", line("capacity.csv", row[""]))
