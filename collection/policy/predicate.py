"""Conditions and formulas of a policy: checked, compiled to SQL, evaluated one by one, put into words.

`columns` come from `facts()`, `terms` are name → expression, `values` name → number, text, truth, date or list.
Everything here raises PolicyErrors with every mistake of the expression.
"""

from collection.policy.duck import to_sql
from collection.policy.errors import PolicyErrors
from collection.policy.facts import Fact, facts
from collection.policy.meaning import resolve
from collection.policy.naive import value_of
from collection.policy.spoken import fill as _fill
from collection.policy.spoken import in_words as _in_words
from collection.policy.syntax import parse
from collection.policy.tree import Literal, Member, Ref

__all__ = ["Fact", "compile", "evaluate", "facts", "facts_used", "fill", "in_words", "mistakes", "parse", "resolve"]


def compile(text: str, columns=None, terms=None, values=None, wants: str = "truth") -> str:
    """The expression as DuckDB SQL over the facts view: unqualified, quoted English columns, values as literals."""
    return to_sql(resolve(text, columns, terms, values, wants))


def evaluate(text: str, row: dict, columns=None, terms=None, values=None, wants: str = "truth"):
    """The naive twin of `compile` for one row (English column → stored value): True, False or None."""
    return value_of(resolve(text, columns, terms, values, wants), row)


def mistakes(text: str, columns=None, terms=None, values=None, wants: str = "truth") -> list:
    """Every mistake of an expression as a list of Problem; empty when it is right."""
    try:
        resolve(text, columns, terms, values, wants)
    except PolicyErrors as errors:
        return errors.problems
    return []


def facts_used(text: str, columns=None, terms=None, values=None, wants: str = "any") -> list[str]:
    """English names of the columns that an expression needs, in the order it asks them; those inside terms included."""
    parts = _parts(resolve(text, columns, terms, values, wants))
    return list(dict.fromkeys(part.fact.column for part in parts if isinstance(part, Ref)))


def values_used(text: str, columns=None, terms=None, values=None, wants: str = "any") -> set[str]:
    """Names of the pack's values that an expression uses, those inside terms included."""
    found = set()
    for part in _parts(resolve(text, columns, terms, values, wants)):
        if isinstance(part, Literal | Member):
            found.add(part.name if isinstance(part, Literal) else part.value)
    return found - {""}


def _parts(tree: object):
    """Every node of a checked tree, terms opened."""
    yield tree
    inside = [getattr(tree, name, None) for name in ("left", "low", "high", "right", "part", "tree")]
    inside += [*getattr(tree, "parts", ()), *getattr(tree, "args", ())]
    for part in inside:
        if part is not None:
            yield from _parts(part)


def fill(text: str, row: dict, columns=None, terms=None, values=None, names=None) -> list[tuple[str, bool | None]]:
    """The condition with one item's figures put in: (words, truth) per comparison.

    The parts of a term or of an OR follow their heading, indented by one full-width space.
    """
    return _fill(resolve(text, columns, terms, values), row, names or {})


def in_words(text: str, columns=None, terms=None, values=None, names=None, wants: str = "any") -> str:
    """The condition in words for the 対照表, in the present language.

    Args:
        names: Japanese → English for the pack's own names (values, terms).
    """
    return _in_words(resolve(text, columns, terms, values, wants), names or {})
