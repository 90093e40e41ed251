"""Training at the command line and as the screen does it; every model has what its folder must have."""

import pytest

import models
from collection.__main__ import main
from collection.store import snapshots
from collection.words import Problem
from models import artefact
from tests.road_store import POLICY


def test_an_unknown_model_and_one_that_has_too_little(store, capsys):
    assert main(["train", "--store", str(store), "nonsense"]) == 2
    assert "nonsense" in capsys.readouterr().err
    assert main(["train", "--store", str(store), "local"]) == 0  # the small library has few marked records
    assert "200" in capsys.readouterr().out
    with pytest.raises(Problem):
        models.train(store, snapshots.newest_flags(store), POLICY, "local")
    assert not list((store / "holdings").glob("*.part")) and not list((store / "holdings").glob("*.local-*"))


@pytest.mark.parametrize("name", models.NAMES)
def test_every_model_has_its_features_and_a_card_in_both_languages(name):
    folder = artefact.MODELS / name
    assert (folder / "features.sql").read_text(encoding="utf-8").startswith("--")
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert card.startswith("# 日本語\n") and card.count("\n# English\n") == 1
    assert "目的" in card.partition("# English")[0]
    assert len(card.splitlines()) <= 60
