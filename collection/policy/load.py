"""From a folder to a Policy: the versions in force on one day, after every check has passed."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from collection.policy.check import checked
from collection.policy.check_parts import CLUE_FIELDS, LIST_COLUMNS, WORD_FIELDS
from collection.policy.errors import PolicyErrors
from collection.policy.known import parameters, terms
from collection.policy.model import SCORE_PARTS, WAYS, Policy, PolicyList, Rule, ScorePart, Sign
from collection.policy.pack import Pack, Source, read_csv

JUDGE_NOTHING = ("cases/", "yearbook/", "targets.csv", "fields.csv", "sensitive.csv")


def load(folder: Path, on: date, adopted: dict | None = None) -> Policy:
    """The policy of a pack as it stands on a day: of each rule the last version that is in force then.

    Args:
        adopted: operating values that take the place of the pack's: values (name → number) and classes (prefix →
            idle_years, shelf_life). A pack that was kept has them in adopted.toml.

    Raises:
        PolicyErrors: every mistake found in the pack. Problem: no such folder.
    """
    pack = checked(folder, Source("adopted.toml", adopted_text(adopted), adopted) if adopted else None)
    if pack.problems:
        raise PolicyErrors(pack.problems)
    return build(pack, on)


def build(pack: Pack, on: date) -> Policy:
    """The Policy of a pack that has no mistakes."""
    data = pack.data("policy")
    rules = _with_signs_of_others(
        pack, [rule for source in pack.rules if (rule := _rule(pack, source, on)) is not None]
    )
    order = list(data["documents"])
    rules.sort(key=lambda rule: (order.index(rule.document), clause_order(rule.clause), rule.id))
    policy = Policy(
        name=data["name"],
        title=data["title"],
        library=data["library"],
        city=data.get("city", data["library"]),
        documents=data["documents"],
        rules=tuple(rules),
        terms=terms(pack),
        term_words={name: _without(said, "when") for name, said in pack.data("terms").items()},
        classes=[_class(entry) for entry in pack.data("classes")["class"]],
        parameters=parameters(pack),
        parameter_words={name: _without(said, "value") for name, said in pack.data("operating").items()},
        score={name: _score(pack.data("score")[name]) for name in SCORE_PARTS},
        lists={name: _list(pack, name, said) for name, said in data.get("lists", {}).items()},
        clues=tuple(_clue(entry) for entry in pack.data("clues").get("clue", [])),
        word_groups={name: _word_group(said) for name, said in pack.data("word_groups").items()},
        capacity=_capacity(pack.folder / "capacity.csv"),
        names=pack.data("en").get("names", {}) | {name: said["en"] for name, said in _named(pack)},
        clauses=pack.folder / data["clauses"] if "clauses" in data else None,
        folder=pack.folder,
        hash=_hash(pack, rules),
        in_force=max((rule.in_force for rule in rules), default=on),
        on=on,
        adopted=pack.parts["adopted"].text if pack.data("adopted") else "",
    )
    return changed(policy, pack.data("adopted"))


def changed(policy: Policy, values: dict) -> Policy:
    """The policy under other operating values (values, classes: see `load`); its hash stays."""
    classes = values.get("classes", {})
    return replace(
        policy,
        parameters=policy.parameters | values.get("values", {}),
        classes=[entry | classes.get(entry["prefix"], {}) for entry in policy.classes],
    )


def adopted_text(adopted: dict) -> str:
    """The TOML of adopted operating values."""
    lines = ["[values]", *(f'"{name}" = {value}' for name, value in sorted(adopted.get("values", {}).items()))]
    for prefix, said in sorted(adopted.get("classes", {}).items()):
        lines += [f'[classes."{prefix}"]', *(f"{key} = {value}" for key, value in sorted(said.items()))]
    return "\n".join(lines) + "\n"


def clause_order(clause: str) -> tuple[int, ...]:
    """A clause number as numbers, so that 10-1 comes after 9-1."""
    return tuple(int(part) if part.isdigit() else 0 for part in clause.split("-"))


def version_on(source: Source, on: date) -> dict | None:
    """The version of a rule file in force on a day; None before the first one and after a repeal."""
    begun = [version for version in source.data["version"] if version["in_force"] <= on]
    return None if not begun or begun[-1].get("repealed") else begun[-1]


def _rule(pack: Pack, source: Source, on: date) -> Rule | None:
    data, version = source.data, version_on(source, on)
    if version is None:
        return None
    english = pack.data("en")
    return Rule(
        **{key: data[key] for key in ("id", "article", "document", "clause", "effect")},
        label=data.get("label"),
        in_force=version["in_force"],
        gist=version["gist"],
        values=version.get("values", {}),
        operating=version.get("operating", {}),
        when=version.get("when"),
        reason=version.get("reason"),
        question=version.get("question"),
        missing=tuple(data.get("missing", ())),
        measured_by=data.get("measured_by"),
        route=data.get("route"),
        advice=data.get("advice"),
        blocks=data.get("blocks", {}),
        governs=data.get("governs", {}),
        survivor=data.get("survivor", False),
        by_hand=data.get("by_hand", False),
        signs=tuple(Sign(**sign) for sign in version.get("sign", ())),
        ways=tuple(data.get("ways", WAYS)),
        instead=tuple(data.get("instead", ())),
        cited_for=tuple(data.get("cited_for", ())),
        english=english.get(data["id"], {}) | english.get(f"{data['id']}@{version['in_force']}", {}),
        file=pack.folder / source.name,
    )


def _with_signs_of_others(pack: Pack, rules: list[Rule]) -> list[Rule]:
    """A rule that points to other clauses (`signs_of`) has their signs behind its own, and the values these name."""
    by_id = {rule.id: rule for rule in rules}
    pointed = {source.data["id"]: source.data.get("signs_of", ()) for source in pack.rules}
    found = []
    for rule in rules:
        others = [by_id[name] for name in pointed[rule.id] if name in by_id]
        values = {name: value for other in others for name, value in other.values.items()}
        operating = {name: value for other in others for name, value in other.operating.items()}
        signs = rule.signs + tuple(sign for other in others for sign in other.signs)
        found.append(replace(rule, values=rule.values | values, operating=rule.operating | operating, signs=signs))
    return found


def _named(pack: Pack):
    lists = pack.data("policy").get("lists", {})
    return [
        *lists.items(),
        *(pair for part in ("operating", "terms", "word_groups") for pair in pack.data(part).items()),
    ]


def _without(said: dict, key: str) -> dict:
    return {name: value for name, value in said.items() if name != key}


def _class(entry: dict) -> dict:
    use_only = entry.get("use_only", False)
    return {
        "prefix": entry["prefix"],
        "idle_years": entry["idle_years"],
        "shelf_life": entry.get("shelf_life"),
        "use_only": use_only,
        "similar": entry.get("similar", not use_only),
        "note": entry.get("note", ""),
        "note_en": entry.get("note_en", ""),
    }


def _score(said: dict) -> ScorePart:
    spoken = {key: said.get(key, {}) for key in ("ja", "en", "meaning")}
    return ScorePart(said["weight"], said["formula"], said["unknown"], spoken, said.get("operating", {}))


def _list(pack: Pack, name: str, said: dict) -> PolicyList:
    rows = [
        {field: row.get(column) or None for column, field in LIST_COLUMNS.items()}
        for row in read_csv(pack.folder / said["file"])
    ]
    return PolicyList(name, said["en"], tuple(rows))


def _clue(entry: dict) -> dict:
    return {
        "words": entry.get("words", []),
        "fields": [CLUE_FIELDS[name] for name in entry.get("fields", [])],
        "except": entry.get("except", []),
        "classes": entry.get("classes", []),
        "note": entry.get("note", ""),
    }


def _word_group(said: dict) -> dict:
    fields = [WORD_FIELDS[name] for name in said["fields"]]
    return {"words": said["words"], "fields": fields, "except": said.get("except", []), "note": said.get("note", "")}


def _capacity(path: Path) -> dict[str, tuple[int, int]]:
    if not path.exists():
        return {}
    return {row["所蔵館"]: (int(row["開架"] or 0), int(row["書庫"] or 0)) for row in read_csv(path)}


def _hash(pack: Pack, rules: list[Rule]) -> str:
    """8 hex digits: the same files and the same versions in force give the same; what judges nothing does not count."""
    files = {
        path.relative_to(pack.folder).as_posix(): path
        for path in pack.folder.rglob("*")
        if path.suffix in (".toml", ".csv")
    }
    told = {
        name: path.read_bytes().replace(b"\r\n", b"\n")
        for name, path in files.items()
        if not name.startswith(JUDGE_NOTHING)
    }
    if pack.data("adopted"):
        told["adopted.toml"] = pack.parts["adopted"].text.encode()
    digest = hashlib.sha256()
    for name, content in sorted(told.items(), key=lambda file: Path(file[0])):
        digest.update(name.encode() + b"\0" + content + b"\0")
    for rule in rules:
        digest.update(f"{rule.id} {rule.in_force}\n".encode())
    return digest.hexdigest()[:8]
