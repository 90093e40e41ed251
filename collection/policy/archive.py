"""The packs that judged: a store keeps a copy of each, so that a list can be made again after the rules have changed."""

import os
import shutil
import tempfile
from pathlib import Path

from collection.policy.model import Policy

FOLDER = "policies"


def keep(store: Path, policy: Policy) -> Path:
    """Keep a copy of a pack in STORE/policies/<name>-<hash>, once, with the list of clauses it names beside it.

    Returns:
        the folder of the copy, which loads as the pack itself and has the same hash.
    """
    home = _home(store, policy.name, policy.hash)
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=home.parent, prefix=f"{home.name}-", suffix=".part"))
        _copy(policy, aside)
        try:
            os.rename(aside, home)
        except OSError:  # somebody else kept it meanwhile
            shutil.rmtree(aside)
    return _pack(home)


def kept(store: Path, name: str, policy_hash: str) -> Path | None:
    """The folder of a pack that was kept; None when there is none."""
    return _pack(_home(store, name, policy_hash))


def _home(store: Path, name: str, policy_hash: str) -> Path:
    return store / FOLDER / f"{name}-{policy_hash}"


def _pack(home: Path) -> Path | None:
    return next((file.parent for file in home.rglob("policy.toml")), None)


def _copy(policy: Policy, home: Path) -> None:
    """The pack, as deep in `home` as its path to the list of clauses climbs, so that this path leads to the copy of the list."""
    named = os.path.relpath(policy.clauses, policy.folder) if policy.clauses else ""
    climbs = Path(named).parts.count("..")
    folder = home.joinpath(*["pack"] * climbs, policy.name)
    shutil.copytree(policy.folder, folder)
    if policy.adopted:
        (folder / "adopted.toml").write_text(policy.adopted, encoding="utf-8")
    if climbs:
        beside = Path(os.path.normpath(folder / named))
        beside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(policy.clauses, beside)
