"""The naive twin of duck.py: one row, plain Python, three-valued logic. Tests hold the two against each other."""

import math
import operator

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

_COMPARE = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_SUM = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def value_of(tree: object, row: dict) -> object:
    """The value of a checked tree for one row: number, text, truth, date, or None where a fact is missing.

    Args:
        row: English column name → stored value; a column that is not there counts as missing.
    """
    match tree:
        case Literal(value=value):
            return value
        case Ref(fact=fact):
            return row.get(fact.column)
        case Term(tree=inner):
            return value_of(inner, row)
        case Compare(op=op, left=left, right=right):
            return _compared(op, value_of(left, row), value_of(right, row))
        case Between(left=left, low=low, high=high):
            value = value_of(left, row)
            return every([_compared(">=", value, value_of(low, row)), _compared("<=", value, value_of(high, row))])
        case Member():
            return _member(tree, value_of(tree.left, row))
        case IsNull(part=part):
            return value_of(part, row) is None
        case Not(part=part):
            value = value_of(part, row)
            return None if value is None else not value
        case Logic(op=op, parts=parts):
            truths = [value_of(part, row) for part in parts]
            return every(truths) if op == "AND" else some(truths)
        case Minus(part=part):
            value = value_of(part, row)
            return None if value is None else -float(value)
        case Arith(op=op, left=left, right=right):
            return _sum(op, value_of(left, row), value_of(right, row))
        case Call(name=name, args=args):
            return _call(name, [value_of(part, row) for part in args])
    raise TypeError(tree)


def every(truths: list) -> bool | None:
    """AND in three-valued logic."""
    return False if False in truths else None if None in truths else True


def some(truths: list) -> bool | None:
    """OR in three-valued logic."""
    return True if True in truths else None if None in truths else False


def _compared(op: str, left: object, right: object) -> bool | None:
    return None if left is None or right is None else _COMPARE[op](left, right)


def _member(tree: Member, value: object) -> bool | None:
    stored = [word for _, word in tree.words]
    if tree.how == "code":
        return (value or "") in stored
    if tree.how == "set":
        return bool(value) and any(word in value.split(";") for word in stored)
    if value is None:
        return None
    if tree.how == "class":
        return any(value.startswith(word) for word in stored)
    return value in stored


def _sum(op: str, left: float | None, right: float | None) -> float | None:
    if left is None or right is None or (op == "/" and right == 0):
        return None
    return left / right if op == "/" else _SUM[op](float(left), float(right))


def _call(name: str, args: list) -> object:
    if name == "COALESCE":
        return next((value for value in args if value is not None), None)
    if None in args:
        return None
    if name == "ROUND":
        return rounded(float(args[0]), int(args[1]) if len(args) > 1 else 0)
    return min(args) if name == "LEAST" else max(args)


def rounded(value: float, digits: int) -> float:
    """Half away from zero, as DuckDB rounds; Python's own round goes to the even digit."""
    scaled = value * 10.0**digits
    whole = float(math.trunc(scaled))
    if abs(scaled - whole) >= 0.5:
        whole += math.copysign(1.0, scaled)
    return whole / 10.0**digits
