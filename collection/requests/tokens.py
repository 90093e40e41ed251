"""How many requests one person has open, without knowing the person: `STORE/requests.sqlite` and `STORE/requests.key`.

A person is any opaque text. It is kept only as a keyed hash (HMAC-SHA256), only while the request is open, and never
in the ledger, which forgets nothing. The key is the library's, made on first use. Neither file goes into a backup,
which would remember what is to be forgotten: the requests in a restored store count for nobody until they end.
"""

import hmac
import json
import os
import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from collection import ledger
from collection.sources.normalise.text import plain
from collection.store.connection import connect_ledger, examine_ledger, sql, transaction
from collection.words import Problem

FILE, KEY = "requests.sqlite", "requests.key"
FILES = (FILE, KEY)  # for their owner's eyes only
KEY_BYTES = 32


def path(store: Path) -> Path:
    """Where a store keeps the hashes."""
    return store / FILE


def key(store: Path) -> bytes:
    """The library's key, made when there is none yet; only the owner of the file may read it. Raises Problem when damaged."""
    file = store / KEY
    if not file.exists():
        store.mkdir(parents=True, exist_ok=True)
        aside = file.with_name(f".{KEY}-{secrets.token_hex(4)}.part")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_hex(KEY_BYTES))
        try:
            os.link(aside, file)
        except FileExistsError:  # another process was quicker
            pass
        finally:
            aside.unlink()
    text = file.read_text(encoding="utf-8", errors="replace")
    if not re.fullmatch(f"[0-9a-f]{{{2 * KEY_BYTES}}}", text):
        raise Problem("requests.key_damaged", file=file)
    return bytes.fromhex(text)


def hasher(store: Path) -> Callable[[str | None], str | None]:
    """A function that makes a person's number the hash that stands for it; blank is nobody (None)."""

    def hashed(token: str | None) -> str | None:
        said = plain(token)
        return hmac.new(key(store), said.encode(), "sha256").hexdigest() if said else None

    return hashed


def known(store: Path) -> dict[str, str]:
    """Number of an open request → the hash of its person, where one was given."""
    if not path(store).exists():
        return {}
    with _opened(store) as connection:
        return dict(map(tuple, connection.execute(sql("queries/requests_tokens"))))


def keep(store: Path, given: dict[str, str | None], still_open: set[str]) -> None:
    """Notes whose new requests are, and forgets whose those are that are not open any more.

    Args:
        given: number → hash, None for nobody. still_open: the numbers of all requests that are open now.
    """
    noted = {number: told for number, told in given.items() if told and number in still_open}
    if not noted and not path(store).exists():
        return
    with _opened(store) as connection:
        kept = json.dumps(sorted(still_open - set(given)))
        connection.execute(sql("queries/requests_token_forget"), {"kept": kept})
        for number, told in noted.items():
            connection.execute(sql("queries/requests_token_put"), {"number": number, "hash": told})


def examine(store: Path) -> Iterator[tuple[bool, str, dict]]:
    """For the doctor, who changes nothing: whether each thing is right, the message (words/requests.toml) and its values."""
    if not path(store).exists():
        return
    try:
        with examine_ledger(path(store)) as connection:
            noted = {number for number, _ in connection.execute(sql("queries/requests_tokens"))}
        with examine_ledger(ledger.path(store)) as connection:
            still_open = {number for (number,) in connection.execute(sql("queries/requests_open"))}
    except sqlite3.DatabaseError as error:
        yield False, "requests.tokens_damaged", {"told": error}
        return
    if noted and not (store / KEY).exists():
        yield False, "requests.key_lost", {"n": len(noted)}
    elif ended := noted - still_open:
        yield False, "requests.tokens_left", {"n": len(ended), "first": min(ended)}
    else:
        yield True, "requests.tokens_right", {"n": len(noted)}


@contextmanager
def _opened(store: Path) -> Iterator[sqlite3.Connection]:
    """The hashes of a store, the file made or brought up to date when needed; one transaction, all or nothing."""
    with connect_ledger(path(store)) as connection:
        ledger.bring_up_to_date(connection, path(store), "requests")
        connection.execute("PRAGMA secure_delete = ON")
        with transaction(connection):
            yield connection
