"""The sample persons of the demo library, one click to sign in as each, on this machine only."""

from pathlib import Path

from collection import accounts, words
from collection.roles import Person
from collection.store import snapshots
from collection.store.connection import connect, sql


def add(store: Path, actor: Person) -> None:
    """Makes those sample persons that are not there yet; two of them act for partners of the newest snapshot."""
    listed = words.table("demo")["persons"]
    with connect(snapshots.need(store), read_only=True) as connection:
        partners = connection.execute(sql("queries/accounts_partners")).fetchall()
    first = [next(row for row in partners if row[2] == kind) for kind in listed["partner_kinds"]]
    samples = [
        Person(number, name, frozenset({role}), branch or None) for number, name, role, branch in listed["staff"]
    ]
    samples += [
        Person(f"demo-{number.lower()}", name, frozenset({"partner"}), partner=number) for number, name, _ in first
    ]
    there = {account.id for account in accounts.all(store)}
    for sample in samples:
        if sample.id not in there:
            accounts.add(store, actor, sample, demo=True)
