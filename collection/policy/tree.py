"""The nodes of an expression's tree. The parser makes the first, the check turns names into the last three."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Literal:
    """A number, text, truth, date or (a value that is a list) tuple; `name` when it is a value of the pack."""

    value: object
    name: str = ""
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Name:
    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Compare:
    op: str
    left: object
    right: object
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Between:
    left: object
    low: object
    high: object
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class In:
    left: object
    items: tuple
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class IsNull:
    part: object
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Not:
    part: object
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Logic:
    """AND or OR over two or more parts."""

    op: str
    parts: tuple
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Arith:
    op: str
    left: object
    right: object
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Minus:
    part: object
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Call:
    name: str
    args: tuple
    at: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Ref:
    """A fact of the item."""

    fact: object


@dataclass(frozen=True)
class Term:
    """A term of the pack and what it stands for."""

    name: str
    tree: object


@dataclass(frozen=True)
class Member:
    """A fact (or number) compared with fixed words: equal to one, among them, or beginning with one.

    Attributes:
        how: code, set, class or plain. words: (as written, as stored). value: name of the list it came from, or "".
    """

    left: object
    how: str
    words: tuple
    value: str = ""
