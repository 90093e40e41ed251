"""The files of a pack that judge nothing but are read by the screens: targets, fields, delicate fields, the yearbook's."""

from collection import freshness, local, neutrality, shares
from collection.policy import Policy, PolicyErrors
from collection.words import Problem
from collection.yearbook import settings

READERS = (
    lambda policy: shares.targets(policy.folder / shares.FILE), freshness.fields, neutrality.fields, local.wanted,
    lambda policy: settings.read(policy.folder),
)  # fmt: skip


def problems(policy: Policy) -> list[Problem]:
    """Every mistake in them, each with its file and line, for `collection policy check`."""
    found = []
    for read in READERS:
        try:
            read(policy)
        except PolicyErrors as errors:
            found += errors.problems
        except Problem as problem:
            found.append(problem)
    return found
