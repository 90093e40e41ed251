"""`reason` templates: a sentence with the item's figures, built by SQL for a million rows or by Python for one.

{最終利用日:月}          a fact, value or number term; 年 月 cut a date; outside […] a missing figure prints 不明
[出版から{…}年。]         left out when a figure in it is missing
[一度も貸出なし ? …]      shown only when the condition before the ? is true
"""

import re
from dataclasses import dataclass

from collection import words
from collection.policy.duck import literal, quoted, to_sql
from collection.policy.errors import PolicyErrors
from collection.policy.meaning import resolve, resolve_kind
from collection.policy.naive import value_of
from collection.policy.spoken import figure
from collection.policy.syntax import fold
from collection.policy.tree import Literal, Ref
from collection.words import Problem

CUTS = {"": 10, "日": 10, "月": 7, "年": 4}
_PIECE = re.compile(r"\{([^{}\[\]]*)\}")
_SEGMENT = re.compile(r"\[([^\[\]]*)\]")


@dataclass(frozen=True)
class Blank:
    """One {placeholder}: its checked tree, its kind and how much of a date is shown."""

    tree: object
    kind: str
    cut: str


@dataclass(frozen=True)
class Segment:
    """Text and blanks; `optional` when in […]; `condition` a checked tree or None."""

    parts: tuple
    optional: bool
    condition: object = None


def parse(text: str, columns=None, terms=None, values=None) -> tuple[Segment, ...]:
    """The segments of a template. Raises PolicyErrors with every mistake of it."""
    problems, segments, at = [], [], 0
    scope = (columns, terms, values)
    for match in _SEGMENT.finditer(text):
        segments.append(_segment(text[at : match.start()], False, scope, problems))
        segments.append(_segment(match.group(1), True, scope, problems))
        at = match.end()
    segments.append(_segment(text[at:], False, scope, problems))
    if problems:
        raise PolicyErrors(problems)
    return tuple(segment for segment in segments if segment.parts)


def _segment(text: str, optional: bool, scope: tuple, problems: list) -> Segment:
    condition = None
    if optional and "?" in text:
        at = text.index("?")
        try:
            condition = resolve(text[:at], *scope)
        except PolicyErrors as errors:
            problems.extend(errors.problems)
        text, known = text[at + 1 :].strip(), True
    else:
        known = "{" in text or not optional
    if not known:
        problems.append(Problem("policy.reason_segment", text=text))
    parts, at = [], 0
    for match in _PIECE.finditer(text):
        parts += [text[at : match.start()], _blank(match.group(1), scope, problems)]
        at = match.end()
    parts.append(text[at:])
    if any(mark in part for part in parts if isinstance(part, str) for mark in "{}[]"):
        problems.append(Problem("policy.reason_brackets", text=text))
    return Segment(tuple(part for part in parts if part), optional, condition)


def _blank(inside: str, scope: tuple, problems: list) -> Blank | str:
    name, _, cut = fold(inside).partition(":")
    try:
        tree, kind = _placeholder(name.strip(), cut.strip(), scope)
    except PolicyErrors as errors:
        problems.extend(Problem("policy.reason_placeholder", name=inside, what=problem) for problem in errors.problems)
        return inside
    return Blank(tree, kind, cut.strip())


def _placeholder(name: str, cut: str, scope: tuple) -> tuple[object, str]:
    """The checked tree and kind of a placeholder: a name and nothing else."""
    if not re.fullmatch(r"[^\W\d][\w・]*", name):
        raise PolicyErrors([Problem("policy.reason_name", name=name)])
    if cut not in CUTS:
        raise PolicyErrors([Problem("policy.reason_cut", cut=cut)])
    tree, kind = resolve_kind(name, *scope, wants="figure")
    if cut and kind != "date":
        raise PolicyErrors([Problem("policy.reason_cut_date", name=name)])
    return tree, kind


def to_sentence_sql(segments: tuple[Segment, ...]) -> str:
    """The SQL expression that builds the sentence, in the present language; never NULL."""
    return " || ".join(_segment_sql(segment) for segment in segments) or "''"


def _segment_sql(segment: Segment) -> str:
    shown = [quoted(part) if isinstance(part, str) else _shown_sql(part) for part in segment.parts]
    if not segment.optional:
        missing = quoted(words.say("policy.missing"))
        blanks = [
            text if isinstance(part, str) else f"coalesce({text}, {missing})"
            for part, text in zip(segment.parts, shown, strict=True)
        ]
        return " || ".join(blanks)
    joined = f"coalesce({' || '.join(shown)}, '')"
    return joined if segment.condition is None else f"CASE WHEN {to_sql(segment.condition)} THEN {joined} ELSE '' END"


def _shown_sql(blank: Blank) -> str:
    tree = blank.tree
    if isinstance(tree, Literal):
        return quoted(figure(tree.value))
    kind, value = blank.kind, to_sql(tree)
    if kind == "date":
        return f"left(CAST({value} AS VARCHAR), {CUTS[blank.cut]})"
    if kind == "truth":
        yes, no = (quoted(words.say(f"policy.{key}")) for key in ("yes", "no"))
        return f"CASE WHEN {value} THEN {yes} WHEN NOT {value} THEN {no} END"
    if kind == "number":
        short = f"(round(CAST({value} AS DOUBLE) * 1e2) / 1e2)"
        whole = f"CAST(CAST({short} AS BIGINT) AS VARCHAR)"
        return f"CASE WHEN {short} = floor({short}) THEN {whole} ELSE CAST({short} AS VARCHAR) END"
    if kind in ("code", "set"):
        return _words_sql(tree.fact, value)
    return value


def _words_sql(fact, value: str) -> str:
    """Codes as words, several joined by ・; a name or an unknown code stays as it is."""
    codes, dot = words.table("facts")[fact.column].get("codes"), quoted(words.say("policy.dot"))
    if codes is None:
        return f"replace({value}, ';', {dot})"
    said = [f"WHEN {literal(code)} THEN {quoted(words.code(codes, code))}" for code in words.table("codes")[codes]]
    one = f"CASE {{}} {' '.join(said)} ELSE {{}} END"
    if fact.kind == "code":
        return one.format(value, value)
    return f"array_to_string(list_transform(string_split({value}, ';'), lambda x: {one.format('x', 'x')}), {dot})"


def sentence(segments: tuple[Segment, ...], row: dict) -> str:
    """The naive twin of `to_sentence_sql` for one row (English column → stored value)."""
    return "".join(_segment_text(segment, row) for segment in segments)


def _segment_text(segment: Segment, row: dict) -> str:
    shown = [part if isinstance(part, str) else _shown(part, row) for part in segment.parts]
    if not segment.optional:
        return "".join(words.say("policy.missing") if text is None else text for text in shown)
    if None in shown or (segment.condition is not None and value_of(segment.condition, row) is not True):
        return ""
    return "".join(shown)


def _shown(blank: Blank, row: dict) -> str | None:
    value = value_of(blank.tree, row)
    if value is None:
        return None
    name = blank.tree.fact.column if isinstance(blank.tree, Ref) else ""
    return figure(value, name)[: CUTS[blank.cut]] if blank.cut else figure(value, name)
