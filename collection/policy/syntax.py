"""The language of `when`: text to syntax tree. A tokenizer and a recursive-descent parser, nothing else.

    or      := and (OR and)*            and  := not (AND not)*         not := NOT not | compare
    compare := sum [op sum | [NOT] IN list | [NOT] BETWEEN sum AND sum | IS [NOT] NULL]
    sum     := product (+|- product)*   product := unary (*|/ unary)*  unary := - unary | primary
    primary := number | 'text' | TRUE | FALSE | name | name(or, …) | (or)
    list    := (or, …) | name

A tree made here can hold no subquery, comment or statement: there is no node for them.
"""

import re
import unicodedata
from dataclasses import dataclass

from collection.policy.tree import Arith, Between, Call, Compare, In, IsNull, Literal, Logic, Minus, Name, Not
from collection.words import Problem

KEYWORDS = ("AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "TRUE", "FALSE")
COMPARISONS = {"=": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
FOREIGN = (
    "SELECT",
    "FROM",
    "WHERE",
    "CASE",
    "WHEN",
    "LIKE",
    "EXISTS",
    "UNION",
    "CAST",
    "XOR",
)
DEEPEST = 20  # brackets inside brackets
MOST_SUMS = 60  # + - * / in one expression
_WIDE_MARKS = str.maketrans({"≧": ">=", "≦": "<=", "≥": ">=", "≤": "<=", "≠": "<>", "、": ","})
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<comment>--|/\*|\#)|(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^']|'')*')
    |(?P<name>[^\W\d][\w・]*)|(?P<mark><>|!=|<=|>=|[=<>+\-*/(),])""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    kind: str  # number text name mark word end
    value: object
    at: int


def fold(name: str) -> str:
    """A name as names are compared: NFKC, so that 過去１年の貸出 is 過去1年の貸出."""
    return unicodedata.normalize("NFKC", name)


def mistake(key: str, text: str, at: int, **values) -> Problem:
    """A Problem that shows the place: the running number of the character and what stands there."""
    near = " ".join(text[max(0, at - 8) : at + 12].split())
    return Problem(f"policy.{key}", at=at + 1, near=near, **values)


def _narrow(text: str) -> str:
    """Full-width marks, digits and brackets outside 'text' as their ASCII twins; the length may change."""
    pieces = re.split(r"('(?:[^']|'')*')", text)
    return "".join(p if p.startswith("'") else fold(p.translate(_WIDE_MARKS)) for p in pieces)


def tokens(text: str) -> list[Token]:
    """The tokens of an expression, closed by one of kind "end". Raises Problem at the first wrong character."""
    found, at = [], 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise mistake("expr_quote" if text[at] == "'" else "expr_character", text, at, found=text[at])
        kind, value = match.lastgroup, match.group()
        if kind == "comment":
            raise mistake("expr_comment", text, at, found=value)
        if kind == "number":
            if len(value) > 15:
                raise mistake("expr_number", text, at, found=value)
            value = float(value) if "." in value else int(value)
        elif kind == "text":
            value = value[1:-1].replace("''", "'")
        elif kind == "name" and value.upper() in KEYWORDS:
            kind, value = "word", value.upper()
        elif kind == "name" and value.upper() in FOREIGN:
            raise mistake("expr_foreign", text, at, found=value)
        if kind != "space":
            found.append(Token(kind, value, at))
        at = match.end()
    return [*found, Token("end", "", len(text))]


def parse(text: str) -> object:
    """The syntax tree of an expression, names not yet looked up. Raises Problem with the place in words."""
    text = _narrow(text)
    found = tokens(text)
    if sum(token.kind == "mark" and token.value in "+-*/" for token in found) > MOST_SUMS:
        raise mistake("expr_deep", text, 0)
    parser = _Parser(text, found)
    tree = parser.either(0)
    if parser.peek().kind != "end":
        raise parser.unexpected()
    return tree


class _Parser:
    """A cursor over tokens; the methods are the grammar's lines."""

    def __init__(self, text: str, found: list[Token]):
        self.text, self.tokens, self.next = text, found, 0

    def peek(self) -> Token:
        return self.tokens[self.next]

    def take(self, *wanted: str) -> Token | None:
        """The next token if it is one of the marks or keywords wanted."""
        token = self.peek()
        if token.kind in ("mark", "word") and token.value in wanted:
            self.next += 1
            return token
        return None

    def need(self, wanted: str) -> Token:
        token = self.take(wanted)
        if token is None:
            raise mistake("expr_need", self.text, self.peek().at, wanted=wanted)
        return token

    def unexpected(self) -> Problem:
        token = self.peek()
        if token.kind == "end":
            return mistake("expr_end", self.text, token.at)
        if token.kind == "word" and token.value == "NULL":
            return mistake("expr_null", self.text, token.at)
        if token.kind == "mark" and token.value in COMPARISONS:
            return mistake("expr_chain", self.text, token.at)
        return mistake("expr_unexpected", self.text, token.at, found=token.value)

    def either(self, depth: int) -> object:
        return self._joined("OR", self._every, depth)

    def _every(self, depth: int) -> object:
        return self._joined("AND", self._denied, depth)

    def _joined(self, word: str, part, depth: int) -> object:
        at = self.peek().at
        parts = [part(depth)]
        while self.take(word):
            parts.append(part(depth))
        return Logic(word, tuple(parts), at) if len(parts) > 1 else parts[0]

    def _denied(self, depth: int) -> object:
        if depth > DEEPEST:
            raise mistake("expr_deep", self.text, self.peek().at)
        token = self.take("NOT")
        return Not(self._denied(depth + 1), token.at) if token else self._comparison(depth)

    def _comparison(self, depth: int) -> object:
        left = self._sum(depth)
        token = self.take(*COMPARISONS, "IS", "IN", "BETWEEN", "NOT")
        if token is None:
            return left
        denied = token.value == "NOT" or (token.value == "IS" and self.take("NOT") is not None)
        if token.value == "NOT":
            token = self.take("IN", "BETWEEN")
            if token is None:
                raise self.unexpected()
        if token.value == "IS":
            self.need("NULL")
            tree = IsNull(left, token.at)
        elif token.value == "IN":
            tree = In(left, self._items(depth), token.at)
        elif token.value == "BETWEEN":
            low = self._sum(depth)
            self.need("AND")
            tree = Between(left, low, self._sum(depth), token.at)
        else:
            return Compare(COMPARISONS[token.value], left, self._sum(depth), token.at)
        return Not(tree, token.at) if denied else tree

    def _items(self, depth: int) -> tuple:
        if self.take("("):
            return self._arguments(depth)
        if self.peek().kind != "name":
            raise mistake("expr_need", self.text, self.peek().at, wanted="(")
        return (self._primary(depth),)

    def _arguments(self, depth: int) -> tuple:
        items = [self.either(depth + 1)]
        while self.take(","):
            items.append(self.either(depth + 1))
        self.need(")")
        return tuple(items)

    def _sum(self, depth: int) -> object:
        left = self._product(depth)
        while token := self.take("+", "-"):
            left = Arith(token.value, left, self._product(depth), token.at)
        return left

    def _product(self, depth: int) -> object:
        left = self._unary(depth)
        while token := self.take("*", "/"):
            left = Arith(token.value, left, self._unary(depth), token.at)
        return left

    def _unary(self, depth: int) -> object:
        if depth > DEEPEST:
            raise mistake("expr_deep", self.text, self.peek().at)
        token = self.take("-")
        return Minus(self._unary(depth + 1), token.at) if token else self._primary(depth)

    def _primary(self, depth: int) -> object:
        token = self.peek()
        if self.take("("):
            inner = self.either(depth + 1)
            self.need(")")
            return inner
        if self.take("TRUE", "FALSE"):
            return Literal(token.value == "TRUE", at=token.at)
        if token.kind in ("number", "text"):
            self.next += 1
            return Literal(token.value, at=token.at)
        if token.kind == "name":
            self.next += 1
            if self.take("("):
                return Call(token.value.upper(), self._arguments(depth), token.at)
            return Name(token.value, token.at)
        raise self.unexpected()
