"""モデル: what the overview and the views of the models share: what is looked at, the card, how a model stands.

A view is a module models_<name> with summary(manifest) -> str, the main result against its baseline in one sentence,
and show(at: At), what is drawn below the card; words/models_<name>.toml names the features of figures["spread"]
as spread_<feature>.
"""

import html
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

import streamlit as st

from collection import words
from collection.pages import tell
from collection.pages.tell import t
from collection.policy import Policy
from collection.store import snapshots
from models import artefact, drift
from models.artefact import Manifest

ENGLISH = "# English"  # where the second part of a card begins
TRAINING = Lock()  # held while somebody makes models: two at once would take the memory of the others


@dataclass(frozen=True)
class At:
    """What is looked at. file, manifest: of the model that is drawn; None when it is not trained."""

    snapshot: Path
    flags: Path
    policy: Policy
    file: Path | None
    manifest: Manifest | None


def at(snapshot: Path, flags: Path, policy: Policy, name: str) -> At:
    """A model over a snapshot, with its artefact where there is one that fits."""
    file = artefact.found(snapshot, name)
    return At(snapshot, flags, policy, file, artefact.manifest(file) if file else None)


def state(at: At, name: str) -> str:
    """One sentence: trained when over which day's facts, refused, or not trained."""
    if at.manifest:
        seconds = tell.number(at.manifest.figures["seconds"], 1)
        return t("models.state_trained", made=_day(at.manifest), as_of=_as_of(at.manifest), seconds=seconds)
    return t("models.state_refused" if artefact.refused(at.snapshot, name) else "models.state_none")


def card(name: str) -> None:
    """The model's card in the present language, closed."""
    text = (artefact.MODELS / name / "card.md").read_text(encoding="utf-8")
    japanese, _, english = text.partition(ENGLISH)
    part = english if words.language.get() == "en" else japanese.partition("\n")[2]
    with st.expander(t("models.card")):
        st.markdown(part)


def drifted(at: At, name: str) -> None:
    """How far what the model learnt from has moved since the snapshot before."""
    st.subheader(t("models.drift"), anchor=False)
    before = artefact.earlier(at.snapshot, name)
    earlier = artefact.manifest(before) if before else None
    found = drift.between(at.manifest, earlier) if earlier else {}
    if not found:
        st.caption(t("models.drift_none"))
        return
    st.caption(t("models.drift_since", before=_as_of(earlier), rather=drift.RATHER, much=drift.MUCH))
    rows = [
        f"<tr><td>{html.escape(t(f'models_{name}.spread_{feature}'))}</td>"
        f'<td>{html.escape(t(f"models.drift_{drift.told(index)}"))}</td><td class="n">{index:.3f}</td></tr>'
        for feature, index in found.items()
    ]
    heads = f"<th>{t('models.feature')}</th><th>{t('models.change')}</th><th class='n'>{t('models.index')}</th>"
    st.html(f'<div class="scroll"><table class="plain"><tr>{heads}</tr>{"".join(rows)}</table></div>')


def made_with(manifest: Manifest) -> None:
    """What the artefact was made from and with, small."""
    libraries = "・".join(f"{name} {number}" for name, number in manifest.versions.items())
    st.caption(tell.plain(t(
        "models.made_with", snapshot=manifest.snapshot, code=manifest.code[:8], libraries=libraries, seed=manifest.seed
    )))  # fmt: skip


def _day(manifest: Manifest) -> str:
    made = datetime.strptime(manifest.made_at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return f"{made.astimezone():%Y-%m-%d}"


def _as_of(manifest: Manifest) -> str:
    return snapshots.as_of(Path(manifest.snapshot)).isoformat()
