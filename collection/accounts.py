"""Who may sign in, and who is signed in: `STORE/accounts.sqlite`.

Unlike the ledger this file changes: passwords are replaced and erased, sessions end. What was decided about an
account (made, given another password, disabled) goes into the ledger too, without the password.
"""

import hashlib
import json
import re
import secrets
import sqlite3
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from collection import ledger, passwords, roles, words
from collection.ledger import Event
from collection.roles import Person
from collection.store import snapshots
from collection.store.connection import connect, connect_ledger, sql, transaction
from collection.words import Problem, code, say

FILE = "accounts.sqlite"
IDLE, WHOLE = 60 * 60, 12 * 60 * 60  # seconds a session holds unused, and at all
SEEN_EVERY = 60  # seconds between two notes that a session is in use
FAILURES, LOCKED = 5, 15 * 60  # wrong passwords in a row, and for how many seconds nobody signs in then
NUMBER = re.compile(r"[a-z0-9][a-z0-9._@-]{0,39}")


@dataclass(frozen=True)
class Account(Person):
    """A person and how that person signs in: sign_in is password, openid or demo; `locked` after wrong passwords."""

    sign_in: str = "password"
    email: str | None = None
    disabled: bool = False
    locked: bool = False


def path(store: Path) -> Path:
    """Where a store keeps its accounts."""
    return store / FILE


@contextmanager
def opened(store: Path) -> Iterator[sqlite3.Connection]:
    """The accounts of a store, the file made or brought up to date when needed; one transaction, all or nothing."""
    store.mkdir(parents=True, exist_ok=True)
    with connect_ledger(path(store)) as connection:
        ledger.bring_up_to_date(connection, path(store), "accounts")
        connection.execute("PRAGMA secure_delete = ON")
        with transaction(connection):
            yield connection


def _rows(store: Path, query: str, **values) -> list[sqlite3.Row]:
    """What a query reads; nothing when there are no accounts yet."""
    if not path(store).exists():
        return []
    with connect_ledger(path(store)) as connection:
        ledger.bring_up_to_date(connection, path(store), "accounts")
        return connection.execute(sql(f"queries/{query}"), values).fetchall()


def _person(row: sqlite3.Row) -> Person:
    return Person(row["id"], row["name"], frozenset(json.loads(row["roles"])), row["branch"], row["partner"])


def _account(row: sqlite3.Row) -> Account:
    sign_in = "demo" if row["demo"] else "openid" if row["email"] else "password"
    locked = row["locked_until"] is not None and row["locked_until"] > time.time()
    person = _person(row)
    return Account(
        person.id, person.name, person.roles, person.branch, person.partner, sign_in, row["email"],
        bool(row["disabled"]), locked,
    )  # fmt: skip


# ── the accounts


def roles_of(person: Person) -> str:
    """The roles of a person in words: 司書・課長."""
    return "・".join(code("role", held) for held in roles.ROLES if held in person.roles)


def named(person: Person) -> str:
    """A person with the roles: 山田（司書）."""
    return say("accounts.who", name=person.name, roles=roles_of(person))


def role(text: str) -> str:
    """The role that a word names, 司書 as well as librarian. Raises Problem for any other word."""
    for known in roles.ROLES:
        if plain(text) in (known, *(plain(word) for word in words.table("codes")["role"][known].values())):
            return known
    raise Problem("accounts.bad_role", role=text, known=_known_roles())


def _known_roles() -> str:
    return "・".join(code("role", known) for known in roles.ROLES)


def line(account: Account) -> str:
    """An account as one line of a list, its parts apart by tabs."""
    state = "disabled" if account.disabled else "locked" if account.locked else account.sign_in
    parts = (account.id, named(account), account.branch or account.partner, account.email, code("account_line", state))
    return "\t".join(part or "-" for part in parts)


def all(store: Path) -> list[Account]:
    """Every account, also the disabled ones, in the order of their numbers."""
    return [_account(row) for row in _rows(store, "accounts_all")]


def members(store: Path) -> list[Person]:
    """The members of the committee: everybody with that role whose account is not disabled."""
    found = _rows(store, "accounts_all")
    return [_person(row) for row in found if not row["disabled"] and "committee" in json.loads(row["roles"])]


def person(store: Path, number: str) -> Person | None:
    """The person of an account, also of a disabled one; None when there is none."""
    return next((_person(row) for row in _rows(store, "accounts_one", id=number)), None)


def of_email(store: Path, email: str) -> Person | None:
    """The person whom an OpenID provider names by this address; None when no account has it."""
    return next((_person(row) for row in _rows(store, "accounts_email", email=plain(email))), None)


def plain(typed: str) -> str:
    """An account number or address as it is kept: full width made half width, small letters, no blanks around."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def add(
    store: Path,
    actor: Person,
    new: Person,
    *,
    password: str | None = None,
    email: str | None = None,
    demo: bool = False,
) -> str | None:
    """Makes an account, or makes a disabled one anew.

    Args:
        actor: who does it; the role must allow change_account.
        new: number, name, roles, and the branch of a librarian or the partner_id of 学校等.
        password: of at least 10 characters; without it, without `email` and outside the demo one is made.
        email: the address by which the city's OpenID provider names the person, who then has no password here.
        demo: a sample person without a password.

    Returns:
        the password that was made, to be told once; None when none was.

    Raises:
        Problem: the account is there already, its parts do not fit, the password is too short.
    """
    _check(store, new)
    made = None if password or email or demo else passwords.generate()
    chosen = password or made
    row = {
        "id": new.id, "name": new.name.strip(), "roles": json.dumps([held for held in roles.ROLES if held in new.roles]),
        "branch": new.branch, "partner": new.partner, "password": passwords.kept(chosen) if chosen else None,
        "email": plain(email) if email else None, "demo": demo,
    }  # fmt: skip
    with opened(store) as connection:
        there = connection.execute(sql("queries/accounts_one"), {"id": new.id}).fetchone()
        if there and not there["disabled"]:
            raise Problem("accounts.exists", id=new.id, name=there["name"])
        if email and connection.execute(sql("queries/accounts_email"), {"email": row["email"]}).fetchone():
            raise Problem("accounts.email_taken", email=email)
        connection.execute(sql("queries/accounts_put"), row)
        details = {name: row[name] for name in ("name", "branch", "partner") if row[name]}
        details |= {"roles": json.loads(row["roles"]), "sign_in": "demo" if demo else "openid" if email else "password"}
        _tell_ledger(store, actor, new.id, "active", {"change": "add", **details})
    return made


def reset(store: Path, actor: Person, number: str, password: str | None = None) -> str | None:
    """Gives an account another password, takes its lock off and ends its sessions.

    Returns:
        the password that was made when none was given, to be told once; None otherwise.

    Raises:
        Problem: no such account, a disabled one, one that signs in without a password; the password is too short.
    """
    made = None if password else passwords.generate()
    hashed = passwords.kept(password or made)
    with opened(store) as connection:
        there = _need(connection, number)
        if there["disabled"]:
            raise Problem("accounts.is_disabled", id=number)
        if there["demo"] or there["email"]:
            raise Problem("accounts.no_password", id=number)
        connection.execute(sql("queries/accounts_reset"), {"id": number, "password": hashed})
        connection.execute(sql("queries/accounts_end_of"), {"id": number})
        _tell_ledger(store, actor, number, "active", {"change": "reset"})
    return made


def disable(store: Path, actor: Person, number: str) -> None:
    """Ends an account: its sessions end at once, its password and address are erased; what it decided stays.

    Raises:
        Problem: no such account, or it is disabled already.
    """
    with opened(store) as connection:
        if _need(connection, number)["disabled"]:
            raise Problem("accounts.is_disabled", id=number)
        connection.execute(sql("queries/accounts_disable"), {"id": number})
        connection.execute(sql("queries/accounts_end_of"), {"id": number})
        _tell_ledger(store, actor, number, "disabled", {"change": "disable"})


def _need(connection: sqlite3.Connection, number: str) -> sqlite3.Row:
    row = connection.execute(sql("queries/accounts_one"), {"id": number}).fetchone()
    if row is None:
        raise Problem("accounts.unknown", id=number)
    return row


def _tell_ledger(store: Path, actor: Person, number: str, state: str, details: dict) -> None:
    with ledger.writing(store) as connection:
        ledger.append(connection, actor, [Event("change_account", number, state, details=details)])


def _check(store: Path, new: Person) -> None:
    """Raises Problem when the parts of a new account do not fit together, or name what the holdings do not know."""
    if not NUMBER.fullmatch(new.id):
        raise Problem("accounts.bad_id", id=new.id)
    if not new.name.strip():
        raise Problem("accounts.no_name")
    if not new.roles or not new.roles.issubset(roles.ROLES):
        raise Problem("accounts.no_role", known=_known_roles())
    if "partner" in new.roles and (len(new.roles) > 1 or not new.partner):
        raise Problem("accounts.partner_alone")
    if new.partner and "partner" not in new.roles:
        raise Problem("accounts.partner_alone")
    snapshot = snapshots.newest(store)
    if snapshot is None:
        return
    with connect(snapshot, read_only=True) as connection:
        if new.branch:
            known = [name for (name,) in connection.execute(sql("queries/accounts_branches")).fetchall()]
            if new.branch not in known:
                raise Problem("accounts.no_branch", name=new.branch, known="、".join(known))
        if new.partner:
            known = [number for number, *_ in connection.execute(sql("queries/accounts_partners")).fetchall()]
            if new.partner not in known:
                raise Problem("accounts.no_partner", name=new.partner, known="、".join(known))


# ── signing in


def check_password(store: Path, number: str, password: str) -> Person:
    """The person who signs in with this password.

    An unknown, locked or disabled account costs the same work and gives the same words as a wrong password.

    Raises:
        Problem: it is not right; after five in a row the account is locked for 15 minutes.
    """
    now = time.time()
    asked = {"id": plain(number), "now": now, "most": FAILURES, "until": now + LOCKED}
    with opened(store) as connection:
        row = connection.execute(sql("queries/accounts_attempt"), asked).fetchone()
    if not passwords.matches(row and row["password"], password):
        raise Problem("accounts.not_right", failures=FAILURES, minutes=LOCKED // 60)
    with opened(store) as connection:
        connection.execute(sql("queries/accounts_right"), {"id": row["id"]})
    return _person(row)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _forget_old(connection: sqlite3.Connection, now: float) -> None:
    connection.execute(sql("queries/accounts_forget_old"), {"begun_since": now - WHOLE})


def open_session(store: Path, number: str) -> str:
    """Signs a person in; returns the token that the browser keeps, of which the file knows only the sha256."""
    token, now = secrets.token_urlsafe(32), time.time()
    with opened(store) as connection:
        _forget_old(connection, now)
        begin = {"token": _digest(token), "account": number, "begun": now, "now": now}
        connection.execute(sql("queries/accounts_begin"), begin)
    return token


def resume(store: Path, token: str, number: str, begun: float) -> None:
    """Begins the session of somebody whom an OpenID provider let in at `begun`, unless it has begun before.

    Args:
        token: secret, and the same whenever that one sign-in is met again; a session that has ended stays so.
    """
    now = time.time()
    if begun > now - WHOLE:
        with opened(store) as connection:
            _forget_old(connection, now)
            begin = {"token": _digest(token), "account": number, "begun": begun, "now": now}
            connection.execute(sql("queries/accounts_begin"), begin)


def person_of(store: Path, token: str | None) -> Person | None:
    """Who is signed in with this token; None when the session has ended or the account was disabled."""
    if not token:
        return None
    now = time.time()
    since = {"seen_since": now - IDLE, "begun_since": now - WHOLE}
    for row in _rows(store, "accounts_session", token=_digest(token), **since):
        if row["last_seen"] < now - SEEN_EVERY:
            with opened(store) as connection:
                connection.execute(sql("queries/accounts_seen"), {"token": _digest(token), "now": now})
        return _person(row)
    return None


def close_session(store: Path, token: str | None) -> None:
    """Signs out; nothing happens when the session has ended already."""
    if token and path(store).exists():
        with opened(store) as connection:
            connection.execute(sql("queries/accounts_end"), {"token": _digest(token)})


def end_samples(store: Path) -> None:
    """Ends the sessions of sample persons: they are for this machine only."""
    if path(store).exists():
        with opened(store) as connection:
            connection.execute(sql("queries/accounts_end_demo"))
