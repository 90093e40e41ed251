"""Opens the app at one screen, in one language, over a store, signed in as somebody, as a browser would."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from collection import accounts, roles, words
from collection.roles import Person
from collection.store.connection import sql

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(scope="session", autouse=True)
def components_are_sought_once():
    """Streamlit looks through every installed package for components whenever an app begins; here they stay the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def shown_store(flagged, tmp_path_factory) -> Path:
    """The small demo library with accounts of its own."""
    folder = tmp_path_factory.mktemp("shown")
    (folder / "holdings").symlink_to(flagged.parent)
    return folder


@pytest.fixture
def open_page(shown_store, monkeypatch) -> Callable[..., AppTest]:
    """open_page("candidates", lang="en", store=…, role="librarian", criterion="8-2-2") runs the screen at that address.

    The person signed in has that role, or all roles of the staff when none is named; `person=Person(…)` signs in
    somebody else, and `person=None` nobody.
    """
    told = []

    def opened(
        screen: str = "home", lang: str = "ja", *, store: Path | None = None, role: str | None = None,
        person: Person | str | None = "of that role", **query,
    ) -> AppTest:  # fmt: skip
        store = store or shown_store
        monkeypatch.setenv("COLLECTION_STORE", str(store))
        told.append(words.language.set(lang))  # AppTest reads labels in this thread
        app = AppTest.from_file(APP, default_timeout=60)
        who = somebody(role) if person == "of that role" else person
        app.session_state["token"] = signed_in(store, who) if who else "a token that nobody has"
        if screen != "home":
            app.switch_page(f"collection/pages/{screen}.py")
        app.query_params = {"lang": lang, **query}
        app.run()
        assert_right(app)
        return app

    yield opened
    for token in reversed(told):
        words.language.reset(token)


def somebody(role: str | None) -> Person:
    """A person of one role, or of all roles of the staff."""
    held = frozenset({role} if role else roles.STAFF)
    return Person(role or "staff", "山田", held, "北口図書館", "P001" if role == "partner" else None)


def signed_in(store: Path, person: Person) -> str:
    """The token of a new session of the person, whose account is made where there is none; the ledger is not told."""
    row = {
        "id": person.id, "name": person.name, "roles": json.dumps(sorted(person.roles)), "branch": person.branch,
        "partner": person.partner, "password": None, "email": None, "demo": False,
    }  # fmt: skip
    with accounts.opened(store) as connection:
        connection.execute(sql("queries/accounts_put"), row)
    return accounts.open_session(store, person.id)


def assert_right(app: AppTest) -> None:
    """Nothing unforeseen happened on the screen."""
    unexpected = words.say("screens.unexpected", at="").rstrip(". ）)")[:12]
    assert not app.exception, app.exception[0].stack_trace
    assert not [error.value for error in app.error if error.value.startswith(unexpected)]


def texts(app: AppTest) -> str:
    """Every text of the screen, one after the other."""
    kinds = ("header", "subheader", "markdown", "caption", "info", "warning", "success", "error", "html", "button")
    found = [
        getattr(element, "value", None) or getattr(element, "label", "") for kind in kinds for element in app.get(kind)
    ]
    links = [element.label for element in app.get("page_link")]
    return "\n".join(str(text) for text in [*found, *links])
