"""A checked tree in words: for the 対照表, and for the card with one item's figures put in."""

import datetime

from collection import words
from collection.policy.model import MEASURES
from collection.policy.naive import rounded, value_of
from collection.policy.tree import (
    Arith,
    Between,
    Call,
    Compare,
    IsNull,
    Literal,
    Logic,
    Member,
    Minus,
    Not,
    Ref,
    Term,
)  # fmt: skip

_FLIPPED = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_MARKS = {"=": "＝", "<>": "≠", "<=": "≦", ">=": "≧", "<": "＜", ">": "＞", "*": "×", "/": "÷", "+": "＋", "-": "－"}
INDENT = "　"


def say(key: str, **values) -> str:
    return words.say(f"policy.{key}", **values)


def figure(value: object, column: str = "", unit: str = "") -> str:
    """One value as it is printed: 12年, 2.5, 2013-02-15, はい, 汚損, 郷土・行政; 不明 or 空欄 where it is missing."""
    if value is None:
        kind = _entry(column).get("type")
        return say("blank" if kind in ("code", "codes", "names") else "missing")
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if isinstance(value, int | float):
        return f"{rounded(float(value), 2) + 0.0:.12g}" + (unit if words.language.get() == "ja" else "")
    if isinstance(value, datetime.date):
        return value.isoformat()
    entry = _entry(column)
    if "codes" in entry:
        return say("dot").join(words.code(entry["codes"], part) for part in value.split(";"))
    return say("dot").join(value.split(";")) if entry.get("type") == "names" else value


def _entry(column: str) -> dict:
    """The glossary's entry of a fact; a title on offer and an item name the same thing alike."""
    return words.table("facts").get(column) or words.table("title_facts").get(column, {})


def measure_words(name: str) -> str:
    """The name of a measure in the present language; anything else (a rule id, a missing column) stays as it is."""
    return say(f"measure_{MEASURES[name]}") if name in MEASURES else name


def _fact(fact) -> str:
    return fact.ja if words.language.get() == "ja" else fact.en


def _own(name: str, names: dict) -> str:
    """A name of the pack (value or term) in the present language."""
    return names.get(name, name) if words.language.get() == "en" else name


def _nots_inside(tree: object, deny: bool = False) -> object:
    """The same tree with every NOT on a single comparison and AND in AND made flat; its value stays the same."""
    match tree:
        case Not(part=part):
            return _nots_inside(part, not deny)
        case Logic(op=op, parts=parts):
            turned = {"AND": "OR", "OR": "AND"}[op] if deny else op
            inner = [_nots_inside(part, deny) for part in parts]
            same = [part.parts if isinstance(part, Logic) and part.op == turned else (part,) for part in inner]
            return Logic(turned, tuple(one for flat in same for one in flat))
        case Compare(op=op, left=left, right=right) if deny:
            return Compare(_FLIPPED[op], left, right)
    return Not(tree) if deny else tree


def in_words(tree: object, names: dict) -> str:
    """A checked condition or formula in words, in the present language."""
    return _said(_nots_inside(tree), names, None, 0)


def fill(tree: object, row: dict, names: dict) -> list[tuple[str, bool | None]]:
    """The comparisons with one item's figures: (words, truth), parts of a term or of an OR indented under it."""
    return list(_lines(_nots_inside(tree), row, names, 0, top=True))


def _lines(tree: object, row: dict, names: dict, depth: int, top: bool = False):
    match tree:
        case Logic(op=op, parts=parts):
            inner = depth
            if not (top and op == "AND"):
                yield INDENT * depth + say("any_of" if op == "OR" else "all_of"), value_of(tree, row)
                inner = depth + 1
            for part in parts:
                yield from _lines(part, row, names, inner)
        case Term(name=name, tree=inner) | Not(part=Term(name=name, tree=inner)):
            shown = _own(name, names)
            shown = say("denied", what=shown) if isinstance(tree, Not) else shown
            yield INDENT * depth + shown, value_of(tree, row)
            yield from _lines(_nots_inside(inner), row, names, depth + 1, top=True)
        case _:
            yield INDENT * depth + _said(tree, names, row, 0), value_of(tree, row)


def _said(tree: object, names: dict, row: dict | None, level: int) -> str:
    """Words for one node; with a row, every fact carries its figure. level > 0 puts brackets around joined parts."""
    match tree:
        case Logic(op=op, parts=parts):
            joined = say("and_" if op == "AND" else "or_").join(_said(part, names, row, level + 1) for part in parts)
            return say("bracket", what=joined) if level else joined
        case Not(part=Member() | IsNull() as part):
            return _test(part, names, row, denied=True)
        case Member() | IsNull():
            return _test(tree, names, row)
        case Not(part=part):
            key = "denied_filled" if row is not None and isinstance(part, Ref) else "denied"
            return say(key, what=_said(part, names, row, level + 1))
        case Compare(op=op, left=left, right=right):
            return f"{_said(left, names, row, 1)} {_MARKS[op]} {_said(right, names, row, 1)}"
        case Between(left=left, low=low, high=high):
            inner = [_said(part, names, row, 1) for part in (left, low, high)]
            return say("between", what=inner[0], low=inner[1], high=inner[2])
        case Arith(op=op, left=left, right=right):
            joined = f"{_said(left, names, row, 1)} {_MARKS[op]} {_said(right, names, row, 1)}"
            return say("bracket", what=joined) if level else joined
        case Minus(part=part):
            return f"－{_said(part, names, row, 1)}"
        case Call(name=name, args=args):
            return say(f"call_{name.lower()}", args=say("comma").join(_said(part, names, row, 0) for part in args))
        case Term(name=name):
            return _own(name, names) if row is None else f"{_own(name, names)} {figure(value_of(tree, row))}"
        case Ref(fact=fact):
            shown = _fact(fact)
            return shown if row is None else f"{shown} {figure(row.get(fact.column), fact.column, fact.unit)}"
    return _literal(tree, names, row)


def _literal(tree: Literal, names: dict, row: dict | None) -> str:
    shown = figure(tree.value)
    if not tree.name:
        return shown
    own = _own(tree.name, names)
    return say("valued", name=own, value=shown) if row is None else f"{own} {shown}"


def _test(tree: Member | IsNull, names: dict, row: dict | None, denied: bool = False) -> str:
    """「状態＝不明」 or, with a row, 「状態 在架（＝不明）」."""
    subject = tree.part if isinstance(tree, IsNull) else tree.left
    if isinstance(tree, IsNull):
        key, listed = "is_blank", ""
    else:
        column = subject.fact.column if isinstance(subject, Ref) else ""
        listed = say("dot").join(_own(figure(stored, column), names) for _, stored in tree.words)
        key = {"class": "begins", "set": "has"}.get(tree.how) or ("is_one" if len(tree.words) == 1 else "is_among")
    key = f"not_{key}" if denied else key
    what = _said(subject, names, row, 1)
    return say(f"{key}_filled" if row is not None else key, what=what, words=listed)
