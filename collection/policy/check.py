"""`collection policy check`: every mistake of a pack at once, each with its file, its line and what to do."""

import re
from pathlib import Path

from collection.policy import reason
from collection.policy.check_parts import check_parts
from collection.policy.errors import PolicyErrors
from collection.policy.forms import form
from collection.policy.known import (
    columns,
    csv_rows,
    expression,
    names,
    parameters,
    scope,
    terms,
    title_scope,
    value_problems,
)
from collection.policy.model import ADVICE, CITED_FOR, EFFECTS, INSTEAD, LIMIT, LIMITED, MEASURES, ROAD, ROUTES, WAYS
from collection.policy.pack import Pack, Place, Source, read
from collection.policy.suggest import nearest
from collection.policy.syntax import fold
from collection.words import Problem


def check(folder: Path) -> list[Problem]:
    """Every mistake found in a pack, in the order of its files; empty when it may be used.

    Raises:
        Problem: there is no such folder.
    """
    return checked(folder).problems


def checked(folder: Path, adopted: Source | None = None) -> Pack:
    """The pack as read, with every mistake found in `problems`; `adopted` stands in for its adopted.toml."""
    pack = read(folder)
    if adopted:
        pack.parts["adopted"] = adopted
    form(pack)
    check_parts(pack)
    if pack.data("policy"):
        known = {
            "rules": {source.data.get("id"): source for source in pack.rules},
            "clauses": _clauses(pack),
            "criteria": {s.data.get("clause") for s in pack.rules if s.data.get("effect") == "candidate"},
        }
        for source in pack.rules:
            _rule(pack, source, known)
        _ids_once(pack)
        _english(pack)
    return pack


def _clauses(pack: Pack) -> set | None:
    """(document, clause) of every clause there is; None when the pack does not name the file."""
    named = pack.data("policy").get("clauses")
    path = pack.folder / named if isinstance(named, str) else None
    if path is None or not path.is_file():
        return None
    return {(row.get("document"), row.get("clause")) for row in csv_rows(pack, path) or ()}


def _ids_once(pack: Pack) -> None:
    first: dict[str, str] = {}
    for source in pack.rules:
        name = source.data.get("id")
        if name in first:
            pack.wrong("id_twice", Place(source, "id"), id=name, first=first[name])
        first.setdefault(name, source.name)


def _rule(pack: Pack, source: Source, known: dict) -> None:
    data = source.data
    if not {"id", "article", "document", "clause", "effect"} <= set(data):
        return
    _identity(pack, source, known["clauses"])
    if data["effect"] not in EFFECTS:
        choices = "、".join(EFFECTS)
        pack.wrong("choice", Place(source, "effect"), name="effect", value=data["effect"], choices=choices)
        return
    _route(pack, source)
    _titles(pack, source)
    _blocks(pack, source, known["criteria"])
    _governs(pack, source, known["criteria"])
    _tested_elsewhere(pack, source, known["rules"])
    _signs_of(pack, source, known["rules"])
    _versions(pack, source)


def _identity(pack: Pack, source: Source, clauses: set | None) -> None:
    data, documents = source.data, pack.data("policy")["documents"]
    said = documents.get(data["document"])
    if said is None:
        where = Place(source, "document")
        pack.wrong("unknown_document", where, name=data["document"], nearest=nearest(data["document"], documents))
        return
    stem = f"{said['prefix']}-{data['clause']}"
    if not re.fullmatch(rf"{re.escape(stem)}(-[a-z][a-z0-9-]*)?", data["id"]):
        pack.wrong("id_clause", Place(source, "id"), id=data["id"], stem=stem)
    title = said["title"]["ja"]
    if not data["article"].startswith(title):
        pack.wrong("article_title", Place(source, "article"), article=data["article"], title=title)
    if clauses is not None and (data["document"], data["clause"]) not in clauses:
        same = [clause for document, clause in clauses if document == data["document"]]
        found = nearest(data["clause"], sorted(same))
        pack.wrong("unknown_clause", Place(source, "clause"), clause=data["clause"], nearest=found)


def _route(pack: Pack, source: Source) -> None:
    """Routes and advice are codes of the product; their conditions are checked with each version."""
    data = source.data
    for key, codes in (("route", ROUTES), ("advice", ADVICE)):
        said = data.get(key)
        where = Place(source, key)
        for value in said.values() if isinstance(said, dict) else [said] if said else []:
            if value not in codes:
                pack.wrong("choice", where, name=key, value=value, choices="、".join(codes))
        if key == "route" and isinstance(said, dict) and "else" not in said:
            pack.wrong("no_else", where, name=key)
    for key in ("label", "route") if data["effect"] == "candidate" and "missing" not in data else ():
        if key not in data:
            pack.wrong("missing_key", Place(source), name=key)
    for key in ("label", "route", "survivor", "by_hand"):
        if data["effect"] != "candidate" and key in data:
            pack.wrong("not_here", Place(source, key), name=key, effect=data["effect"])


def _titles(pack: Pack, source: Source) -> None:
    """What is said of titles on offer is said in codes of the product; signs belong to effects that weigh such titles."""
    data = source.data
    for key, codes in (("ways", WAYS), ("instead", INSTEAD), ("cited_for", CITED_FOR)):
        for value in data.get(key, ()):
            if value not in codes:
                pack.wrong("choice", Place(source, key), name=key, value=value, choices="、".join(codes))
    if data["effect"] in ("candidate", "keep") and any("sign" in version for version in data["version"]):
        pack.wrong("not_here", Place(source, "sign"), name="sign", effect=data["effect"])


def _blocks(pack: Pack, source: Source, criteria: set) -> None:
    data, where = source.data, Place(source, "blocks")
    if "blocks" in data and data["effect"] not in ("keep", "ask"):
        pack.wrong("not_here", where, name="blocks", effect=data["effect"])
    _of_criteria(pack, source, "blocks", ("keep", "ask"), criteria)
    tested = any("when" in version for version in data["version"])
    if data["effect"] == "keep" and tested and not data.get("blocks"):
        pack.wrong("missing_key", Place(source), name="blocks")


def _governs(pack: Pack, source: Source, criteria: set) -> None:
    """Which clause a step of the road rests on is said by a clause about the road."""
    if "governs" in source.data and source.data.get("measured_by") != ROAD:
        pack.wrong("governs_road", Place(source, "governs"), measure=ROAD)
    _of_criteria(pack, source, "governs", ROUTES, criteria)


def _of_criteria(pack: Pack, source: Source, key: str, codes: tuple, criteria: set) -> None:
    """A table criterion → code."""
    where = Place(source, key)
    for clause, code in source.data.get(key, {}).items():
        if clause not in criteria:
            pack.wrong(
                "unknown_criterion",
                where,
                name=key,
                clause=clause,
                criteria="、".join(sorted(map(str, criteria))) or "—",
            )
        if code not in codes:
            pack.wrong("choice", where, name=key, value=code, choices="、".join(codes))


def _tested_elsewhere(pack: Pack, source: Source, rules: dict) -> None:
    data = source.data
    by = data.get("measured_by")
    if by is not None and by not in rules and by not in MEASURES:
        known = "、".join(MEASURES)
        pack.wrong("unknown_measure", Place(source, "measured_by"), name=by, measures=known)
    for name in data.get("missing", []):
        if fold(name) in columns(pack):
            pack.wrong("missing_is_fact", Place(source, "missing"), name=name)


def _signs_of(pack: Pack, source: Source, rules: dict) -> None:
    """A clause that points to others has their signs and, since the signs name them, their values: no name stands twice."""
    where, owner = Place(source, "signs_of"), dict.fromkeys(_values_of(source), source.name)
    for name in source.data.get("signs_of", ()):
        if name not in rules:
            pack.wrong("unknown_rule", where, id=name, nearest=nearest(name, rules))
        elif not any("sign" in version for version in rules[name].data["version"]):
            pack.wrong("no_signs", where, id=name)
        else:
            for value in _values_of(rules[name]):
                if owner.setdefault(value, name) != name:
                    pack.wrong("name_taken", where, name=value)


def _values_of(source: Source) -> list[str]:
    """The names of a rule's values, of all its versions."""
    versions = source.data["version"]
    return [name for version in versions for part in ("values", "operating") for name in version.get(part, {})]


def _versions(pack: Pack, source: Source) -> None:
    before = None
    if not source.data["version"]:
        pack.wrong("missing_key", Place(source), name="[[version]]")
    for number, version in enumerate(source.data["version"]):
        if not version.get("repealed"):
            _version(pack, source, number, version)
        day = version.get("in_force")
        if day is None:
            continue
        where = Place(source, "in_force", number)
        if before is not None and day == before:
            pack.wrong("version_twice", where, day=day)
        elif before is not None and day < before:
            pack.wrong("version_order", where, day=day, before=before)
        before = day


def _version(pack: Pack, source: Source, number: int, version: dict) -> None:
    values, operating = version.get("values", {}), version.get("operating", {})
    names(pack, source, values, [*parameters(pack), *terms(pack)], number)
    names(pack, source, operating, [*parameters(pack), *terms(pack), *values], number)
    value_problems(pack, source, values | operating, number)
    _needs(pack, source, number, version)
    known = scope(pack, values | operating)
    if "when" in version:
        expression(pack, Place(source, "when", number), "when", version["when"], known)
    named = set()
    for nth, sign in enumerate(version.get("sign", ())):
        name = sign.get("name", "sign")
        if name in named:
            pack.wrong("sign_twice", Place(source, "name", number, nth), name=name)
        named.add(name)
        if "when" in sign:
            where = Place(source, "when", number, nth)
            expression(pack, where, name, sign["when"], title_scope(pack, values | operating))
    for key in ("route", "advice"):
        said = source.data.get(key)
        for condition in said if isinstance(said, dict) else ():
            if condition != "else":
                expression(pack, Place(source, key), key, condition, known)
    if "reason" in version:
        template(pack, Place(source, "reason", number), version["reason"], known)


def template(pack: Pack, where: Problem, text: str, known: dict) -> None:
    """Check one reason template and say where each of its mistakes is."""
    try:
        reason.parse(text, **known)
    except PolicyErrors as errors:
        for what in errors.problems:
            pack.wrong("in_expression", where, name="reason", what=what)


def _needs(pack: Pack, source: Source, number: int, version: dict) -> None:
    """Every clause says how it is tested: by a condition, by a person, elsewhere, or not from this data."""
    data = source.data
    where = Place(source, version=number)
    if ("sign" in version or "signs_of" in data) and ("when" in version or "missing" in data):
        pack.wrong("sign_and_other", where)
    limited = {"sign" in version or "signs_of" in data, type(version.get("values", {}).get(LIMIT)) is int}
    if data.get("measured_by") == LIMITED and limited != {True}:
        pack.wrong("limit_form", where, name=LIMIT)
    if "when" in version:
        if "missing" in data:
            pack.wrong("when_and_missing", where)
        if "measured_by" in data:
            pack.wrong("when_and_measured", where)
        if "reason" not in version and data["effect"] != "measure":
            pack.wrong("missing_key", where, name="reason")
    elif data["effect"] == "candidate" and "missing" not in data:
        pack.wrong("missing_key", where, name="when")
    elif (
        "sign" not in version
        and not {"missing", "measured_by", "signs_of"} & set(data)
        and not (data["effect"] == "ask" and "question" in version)
    ):
        pack.wrong("no_test", where)
    elif "reason" in version and "measured_by" not in data:
        pack.wrong("reason_without_when", Place(source, "reason", number))


def _english(pack: Pack) -> None:
    """English texts belong to a rule (or one version of it), and are templates over the same names."""
    if "en" not in pack.parts:
        return
    source = pack.parts["en"]
    rules = {rule.data["id"]: rule for rule in pack.rules if "id" in rule.data}
    for key, said in source.data.items():
        if key != "names":
            _english_rule(pack, source, key, said, rules)


def _english_rule(pack: Pack, source: Source, key: str, said: dict, rules: dict) -> None:
    where = Place(source, key)
    name, _, day = key.partition("@")
    versions = rules[name].data["version"] if name in rules else []
    days = [str(version.get("in_force")) for version in versions]
    whole = source.data.get(name, {}) | said
    if name not in rules or (day and day not in days):
        pack.wrong("english_rule", where, id=key, nearest=nearest(name, rules))
        return
    for version in versions:
        if day in ("", str(version.get("in_force"))):
            for part in ("label", "reason", "question"):
                if part in rules[name].data | version and part not in whole:
                    pack.wrong("english_part", where, id=key, part=part)
            known = scope(pack, version.get("values", {}) | version.get("operating", {}))
            if "reason" in said and "reason" in version:
                template(pack, where, said["reason"], known)
