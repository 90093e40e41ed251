"""What the views of 購入の検討 share: what is looked at, addresses, how something is done and told."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st

from collection.buying import kept, listing
from collection.buying.listing import Filter
from collection.pages import frame
from collection.policy import Policy
from collection.roles import Person, may
from collection.store import snapshots


@dataclass(frozen=True)
class At:
    """The day's files, the person who looks, and how far the ledger has come (kept.moments)."""

    snapshot: Path
    flags: Path
    policy: Policy
    person: Person
    moments: dict[str, int]

    @property
    def as_of(self) -> date:
        """The day of the facts."""
        return snapshots.as_of(self.snapshot)

    @property
    def files(self) -> tuple[str, str]:
        """Snapshot and flags as cached functions take them."""
        return str(self.snapshot), str(self.flags)

    @property
    def rules(self) -> str:
        """By what the policy that is in force is told from another."""
        return self.policy.hash + self.policy.adopted

    @property
    def seq(self) -> int:
        """The last event of the ledger, by which what is kept ready is told apart."""
        return self.moments["last"]

    def may(self, action: str) -> bool:
        """Whether the person may act so."""
        return may(self.person, action)


def at(person: Person, snapshot: Path, flags: Path, policy: Policy) -> At:
    """What is looked at, at this moment."""
    return At(snapshot, flags, policy, person, kept.moments(frame.store()))


# ── addresses


def chosen() -> tuple[Filter, str]:
    """The filter of the address, and the key of the line whose card is open."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    return listing.from_query(query), (query.get("line") or [""])[0]


def open_with(new: Filter, line: str = "", **more: str) -> None:
    """Writes a filter and an open line into the address; the next run shows it."""
    wanted_now = listing.to_query(new) | {name: [value] for name, value in ({"line": line} | more).items() if value}
    st.query_params.from_dict(frame.with_language(wanted_now))
