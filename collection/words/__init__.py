"""Every word the product shows, in Japanese and English.

The words are data: one TOML file per part of the product beside this module. A message is named
"file.key", e.g. ``say("imports.gone_limit", gone=812)`` reads ``[gone_limit]`` in imports.toml.
``fields.toml`` (columns of the exchange files), ``codes.toml`` (coded values) and ``facts.toml``
(what a rule may ask of an item) are the glossary that labels, help texts, docs and tests share.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("ja", "en")
language: ContextVar[str] = ContextVar("language", default="ja")


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Another language for a while: of a file that another thread makes, or of words kept in both."""
    token = language.set(chosen)
    try:
        yield
    finally:
        language.reset(token)


class Problem(Exception):
    """Something a librarian can mend, said in words: what, where, what to do.

    Args:
        key: a message in the words files, "file.key".
        values: what the message's {placeholders} stand for.
    """

    def __init__(self, key: str, /, **values):
        super().__init__(key)
        self.key, self.values = key, values

    def __str__(self) -> str:
        return say(self.key, **self.values)


@cache
def table(name: str) -> dict:
    """One words file as a dict, in the file's order. Raises FileNotFoundError for an unknown name."""
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


def say(key: str, /, **values) -> str:
    """The message `key` ("file.key") in the present language, its {placeholders} filled with `values`."""
    file, _, name = key.partition(".")
    return table(file)[name][language.get()].format_map(values)


def code(field: str, value: str | None) -> str:
    """The word for a coded value, e.g. code("status", "on_loan") → 貸出中; an unknown value is shown as it is."""
    if value is None:
        return ""
    words = table("codes").get(field, {}).get(value)
    return words[language.get()] if words else value
