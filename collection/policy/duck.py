"""A checked tree as DuckDB SQL: English columns, quoted names, values as literals. True, false or NULL."""

import datetime

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


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def column(name: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A number, text, truth, date or nothing as an SQL literal; a fraction is DOUBLE, as in Python."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime.date():
            return f"DATE '{value.isoformat()}'"
        case int():
            return str(value)
        case float():
            return f"{value!r}e0" if "e" not in repr(value) else repr(value)
        case _:
            return quoted(str(value))


def to_sql(tree: object) -> str:
    """The SQL expression of a checked tree; always safe to stand inside a larger one."""
    match tree:
        case Literal(value=value):
            return literal(value)
        case Ref(fact=fact):
            return column(fact.column)
        case Term(tree=inner):
            return to_sql(inner)
        case Compare(op=op, left=left, right=right):
            return f"({to_sql(left)} {op} {to_sql(right)})"
        case Between(left=left, low=low, high=high):
            value = to_sql(left)
            return f"({value} >= {to_sql(low)} AND {value} <= {to_sql(high)})"
        case Member():
            return _member(tree)
        case IsNull(part=part):
            return f"({to_sql(part)} IS NULL)"
        case Not(part=part):
            return f"(NOT {to_sql(part)})"
        case Logic(op=op, parts=parts):
            return "(" + f" {op} ".join(to_sql(part) for part in parts) + ")"
        case Arith() | Minus() | Call():
            return _figure(tree)
    raise TypeError(tree)


def _member(tree: Member) -> str:
    value = to_sql(tree.left)
    words = [literal(stored) for _, stored in tree.words]
    if tree.how == "code":
        return f"(coalesce({value}, '') IN ({', '.join(words)}))"
    if tree.how == "set":
        among = " OR ".join(f"contains(';' || {value} || ';', {quoted(f';{stored};')})" for _, stored in tree.words)
        return f"coalesce({among}, FALSE)"
    if tree.how == "class":
        return "(" + " OR ".join(f"starts_with({value}, {word})" for word in words) + ")"
    return f"({value} IN ({', '.join(words)}))"


def _double(tree: object) -> str:
    """A figure inside a sum is DOUBLE, so that a SMALLINT column can not overflow."""
    return to_sql(tree) if isinstance(tree, Arith | Minus) else f"CAST({to_sql(tree)} AS DOUBLE)"


def _figure(tree: object) -> str:
    match tree:
        case Arith(op="/", left=left, right=right):
            return f"({_double(left)} / nullif({_double(right)}, 0))"
        case Arith(op=op, left=left, right=right):
            return f"({_double(left)} {op} {_double(right)})"
        case Minus(part=part):
            return f"(- {_double(part)})"
        case Call(name="ROUND", args=(value, *digits)):
            scale = literal(10.0 ** int(digits[0].value)) if digits else "1e0"
            return f"(round({_double(value)} * {scale}) / {scale})"
        case Call(name="COALESCE", args=args):
            return f"coalesce({', '.join(to_sql(part) for part in args)})"
    open_args = [to_sql(part) for part in tree.args if not isinstance(part, Literal)]
    known = f"{tree.name.lower()}({', '.join(to_sql(part) for part in tree.args)})"
    if not open_args:
        return known
    missing = " OR ".join(f"{part} IS NULL" for part in open_args)
    return f"(CASE WHEN {missing} THEN NULL ELSE {known} END)"
