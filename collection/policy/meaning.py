"""From a syntax tree to a checked one: names looked up, kinds compared, coded words turned into codes."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from collection.policy import syntax
from collection.policy.errors import PolicyErrors
from collection.policy.facts import Fact, facts
from collection.policy.suggest import nearest
from collection.policy.syntax import fold, mistake
from collection.policy.tree import (
    Arith,
    Between,
    Call,
    Compare,
    In,
    IsNull,
    Literal,
    Logic,
    Member,
    Minus,
    Name,
    Not,
    Ref,
    Term,
)  # fmt: skip
from collection.words import Problem

FUNCTIONS = {"LEAST": (2, 9), "GREATEST": (2, 9), "ROUND": (1, 2), "COALESCE": (2, 9)}
_PRINTED = ("number", "truth", "date", "text", "class", "code", "set")


@dataclass
class Scope:
    """What one expression may name, and the mistakes found in it."""

    text: str
    columns: Mapping[str, Fact]
    terms: Mapping[str, str]
    values: Mapping[str, object]
    above: tuple = ()
    mistakes: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, at: int, **said) -> tuple[object, str]:
        self.mistakes.append(mistake(key, self.text, at, **said))
        return Literal(None), "wrong"


def kind_word(kind: str) -> Problem:
    """The word for a kind of value, spoken in the language of whoever reads it."""
    return Problem(f"policy.kind_{kind}")


def resolve(text: str, columns=None, terms=None, values=None, wants: str = "truth") -> object:
    """The checked tree of an expression: `resolve_kind` without the kind."""
    return resolve_kind(text, columns, terms, values, wants)[0]


def resolve_kind(text: str, columns=None, terms=None, values=None, wants: str = "truth") -> tuple[object, str]:
    """The checked tree of an expression and its kind (number truth date text class code set).

    Args:
        text: the expression. columns: from `facts()`. terms: name → expression. values: name → number, text,
            truth, date or list. wants: "truth" for a condition, "number" for a formula, "any" of the two for a
            term, "figure" for whatever can be printed.

    Raises:
        PolicyErrors: every mistake found, each with its place in the expression.
    """
    scope = _scope(text, facts() if columns is None else columns, terms or {}, values or {})
    try:
        tree, kind = _resolve(syntax.parse(text), scope)
    except Problem as problem:
        raise PolicyErrors([problem]) from None
    wanted = {"any": ("truth", "number"), "figure": _PRINTED}.get(wants, (wants,))
    if not scope.mistakes and kind not in wanted:
        scope.wrong("expr_not_number" if wants == "number" else "expr_not_truth", 0, kind=kind_word(kind))
    if scope.mistakes:
        raise PolicyErrors(scope.mistakes)
    return tree, kind


def _scope(text, columns, terms, values, above=()) -> Scope:
    return Scope(
        text,
        columns,
        {fold(name): said for name, said in terms.items()},
        {fold(name): value for name, value in values.items()},
        above,
    )


def _resolve(node: object, scope: Scope) -> tuple[object, str]:
    """The checked node and its kind: number truth date text class code set list, or wrong."""
    match node:
        case Literal(value=value):
            return node, _literal_kind(value)
        case Name():
            return _name(node, scope)
        case Compare():
            return _compare(node, scope)
        case In(left=left, items=items, at=at):
            return _member(left, items, at, scope, "IN")
        case Between(left=left, low=low, high=high, at=at):
            return _between(left, low, high, at, scope)
        case IsNull(part=part, at=at):
            tree, kind = _resolve(part, scope)
            if isinstance(tree, Literal) and kind != "wrong":
                return scope.wrong("expr_is_null", at)
            return IsNull(tree), "truth"
        case Not(part=part, at=at):
            return Not(_truth(part, at, scope)), "truth"
        case Logic(op=op, parts=parts, at=at):
            return Logic(op, tuple(_truth(part, at, scope) for part in parts)), "truth"
        case Arith(op=op, left=left, right=right, at=at):
            return Arith(op, _number(left, at, scope), _number(right, at, scope)), "number"
        case Minus(part=part, at=at):
            return Minus(_number(part, at, scope)), "number"
        case Call():
            return _call(node, scope)
    raise TypeError(node)


def _literal_kind(value: object) -> str:
    for kind, types in (("truth", bool), ("number", (int, float)), ("date", datetime.date), ("list", tuple)):
        if isinstance(value, types):
            return kind
    return "text"


def _name(node: Name, scope: Scope) -> tuple[object, str]:
    name = fold(node.name)
    if name in scope.values:
        value = scope.values[name]
        value = tuple(value) if isinstance(value, list) else value
        return Literal(value, node.name), _literal_kind(value)
    if name in scope.columns:
        fact = scope.columns[name]
        return Ref(fact), fact.kind
    if name in scope.terms:
        return _term(name, node.at, scope)
    known = [*(fact.ja for fact in scope.columns.values()), *scope.terms, *scope.values]
    return scope.wrong("expr_unknown_name", node.at, name=node.name, nearest=nearest(node.name, known))


def _term(name: str, at: int, scope: Scope) -> tuple[object, str]:
    if name in scope.above:
        return scope.wrong("expr_term_ring", at, name=name)
    inner = _scope(scope.terms[name], scope.columns, scope.terms, scope.values, (*scope.above, name))
    try:
        tree, kind = _resolve(syntax.parse(inner.text), inner)
    except Problem as problem:
        inner.mistakes.append(problem)
    if inner.mistakes:
        return scope.wrong("expr_in_term", at, name=name, what=inner.mistakes[0])
    return Term(name, tree), kind


def _truth(part: object, at: int, scope: Scope) -> object:
    tree, kind = _resolve(part, scope)
    if kind not in ("truth", "wrong"):
        scope.wrong("expr_part_not_truth", getattr(part, "at", at), kind=kind_word(kind))
    return tree


def _number(part: object, at: int, scope: Scope) -> object:
    tree, kind = _resolve(part, scope)
    if kind not in ("number", "wrong"):
        scope.wrong("expr_part_not_number", getattr(part, "at", at), kind=kind_word(kind))
    return tree


def _compare(node: Compare, scope: Scope) -> tuple[object, str]:
    left, left_kind = _resolve(node.left, scope)
    right, right_kind = _resolve(node.right, scope)
    if "wrong" in (left_kind, right_kind):
        return Literal(None), "wrong"
    if isinstance(left, Literal) and left_kind == "text" and isinstance(right, Ref):
        return scope.wrong("expr_word_first", node.at, name=right.fact.ja)
    if left_kind in ("code", "set", "class") or right_kind == "list":
        if node.op not in ("=", "<>"):
            return scope.wrong("expr_no_order", node.at, kind=kind_word(left_kind))
        if right_kind == "list" and left_kind not in ("code", "set", "class"):
            return scope.wrong("expr_list", node.at)
        tree, kind = _member(node.left, (node.right,), node.at, scope, node.op)
        return (Not(tree), kind) if node.op == "<>" and kind != "wrong" else (tree, kind)
    left, right = (_as_date(side, other) for side, other in ((left, right_kind), (right, left_kind)))
    kinds = {_kind_after(left, left_kind), _kind_after(right, right_kind)}
    if len(kinds) > 1:
        said = {"left": kind_word(left_kind), "right": kind_word(right_kind)}
        return scope.wrong("expr_kinds", node.at, **said)
    if node.op not in ("=", "<>") and kinds & {"text", "truth"}:
        return scope.wrong("expr_no_order", node.at, kind=kind_word(left_kind))
    return Compare(node.op, left, right), "truth"


def _as_date(side: object, other_kind: str) -> object:
    """A text beside a date, read as one: '2020-01-01'; anything else stays and is found out as text."""
    if other_kind == "date" and isinstance(side, Literal) and isinstance(side.value, str):
        try:
            return Literal(datetime.date.fromisoformat(side.value), side.name)
        except ValueError:
            return side
    return side


def _kind_after(side: object, kind: str) -> str:
    return _literal_kind(side.value) if isinstance(side, Literal) else kind


def _between(left: object, low: object, high: object, at: int, scope: Scope) -> tuple[object, str]:
    sides = [_resolve(part, scope) for part in (left, low, high)]
    kind = sides[0][1]
    if any(side[1] == "wrong" for side in sides):
        return Literal(None), "wrong"
    if kind not in ("number", "date"):
        return scope.wrong("expr_no_order", at, kind=kind_word(kind))
    trees = [sides[0][0], *(_as_date(side[0], kind) for side in sides[1:])]
    for tree, (_, was) in zip(trees[1:], sides[1:], strict=True):
        if _kind_after(tree, was) != kind:
            return scope.wrong("expr_kinds", at, left=kind_word(kind), right=kind_word(was))
    return Between(*trees), "truth"


def _member(left: object, items: tuple, at: int, scope: Scope, op: str) -> tuple[object, str]:
    tree, kind = _resolve(left, scope)
    resolved = [_resolve(item, scope) for item in items]
    if kind == "wrong" or any(said == "wrong" for _, said in resolved):
        return Literal(None), "wrong"
    if kind not in ("number", "text", "date", "class", "code", "set"):
        return scope.wrong("expr_no_list", at, kind=kind_word(kind))
    if any(not isinstance(item, Literal) for item, _ in resolved):
        return scope.wrong("expr_fixed_words", at)
    name = resolved[0][0].name if len(resolved) == 1 else ""
    flat = [one for item, _ in resolved for one in (item.value if isinstance(item.value, tuple) else (item.value,))]
    if not flat:
        return scope.wrong("expr_empty_list", at, name=name)
    words = tuple((value, _stored(tree, kind, value, at, scope)) for value in flat)
    return Member(tree, kind if kind in ("class", "code", "set") else "plain", words, name), "truth"


def _stored(tree: object, kind: str, value: object, at: int, scope: Scope) -> object:
    """The stored form of one word; a word that cannot stand here is a mistake."""
    if kind in ("number", "date"):
        value = _as_date(Literal(value), kind).value
        if _literal_kind(value) != kind:
            scope.wrong("expr_kinds", at, left=kind_word(kind), right=kind_word(_literal_kind(value)))
        return value
    if not isinstance(value, str):
        said = {"left": kind_word(kind), "right": kind_word(_literal_kind(value))}
        scope.wrong("expr_kinds", at, **said)
        return value
    known = tree.fact.stored if isinstance(tree, Ref) else None
    if known is not None and value not in known:
        key = "expr_unknown_list" if kind == "set" and tree.fact.column == "listed" else "expr_unknown_word"
        scope.wrong(key, at, word=value, name=tree.fact.ja, words="、".join(known) or "—")
    return known.get(value, value) if known is not None else value


def _call(node: Call, scope: Scope) -> tuple[object, str]:
    if node.name not in FUNCTIONS:
        return scope.wrong("expr_function", node.at, name=node.name, functions="、".join(FUNCTIONS))
    fewest, most = FUNCTIONS[node.name]
    if not fewest <= len(node.args) <= most:
        return scope.wrong("expr_arguments", node.at, name=node.name, fewest=fewest, most=most)
    args = [_resolve(part, scope) for part in node.args]
    kinds = {kind for _, kind in args}
    if "wrong" in kinds:
        return Literal(None), "wrong"
    if kinds != {"number"} and not (node.name == "COALESCE" and kinds == {"truth"}):
        wrong = next(kind for _, kind in args if kind != "number")
        return scope.wrong("expr_part_not_number", node.at, kind=kind_word(wrong))
    trees = tuple(tree for tree, _ in args)
    if node.name == "ROUND" and len(trees) == 2 and getattr(trees[1], "value", None) not in range(7):
        return scope.wrong("expr_round", node.at)
    return Call(node.name, trees), kinds.pop()
